/** Where something stands in a file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file that is no template; the message says what is wrong and the position where. */
export class TemplateError extends Error {
  readonly position: Position | undefined;
  constructor(message: string, position?: Position) {
    super(message);
    this.name = 'Unreadable';
    this.position = position;
  }
}

/** A text was read and is something else than a template. */
export class NotATemplate extends TemplateError {}
