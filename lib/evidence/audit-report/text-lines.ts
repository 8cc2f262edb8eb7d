import { type FileHandle, open } from 'node:fs/promises';

const BUFFER = 1 << 16;

/** A file that is written line by line and never held in memory. */
export class Lines {
  readonly #file: FileHandle;
  #buffer: string;

  private constructor(file: FileHandle, head: string) {
    this.#file = file;
    this.#buffer = head;
  }

  /** Begins a new file. */
  static async create(path: string, head: string): Promise<Lines> {
    return new Lines(await open(path, 'wx'), head);
  }

  async add(text: string): Promise<void> {
    this.#buffer += text;
    if (this.#buffer.length > BUFFER) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    await this.#file.appendFile(this.#buffer);
    this.#buffer = '';
  }
}
