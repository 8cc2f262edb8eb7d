import { type FileHandle, open } from 'node:fs/promises';
import { csvCell } from '../../text/escapes.ts';

/** The value of a cell. */
export type Cell = string | number | undefined;

/** One line of a CSV file (RFC 4180); the texts may be hostile. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

const cell = (value: Cell): string => (typeof value === 'string' ? csvCell(value) : String(value ?? ''));

const BUFFER = 1 << 16;

/** A CSV file that is written line by line, so that it never fills the memory. */
export class CsvFile {
  readonly #file: FileHandle;
  #buffer: string;

  private constructor(file: FileHandle, head: string) {
    this.#file = file;
    this.#buffer = head;
  }

  /** Creates a file with its first line; fails if it exists. */
  static async create(path: string, head: string): Promise<CsvFile> {
    return new CsvFile(await open(path, 'wx'), head);
  }

  async add(lines: string): Promise<void> {
    this.#buffer += lines;
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
