/** A place in a file; both numbers start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file cannot be read as a template. */
export class TemplateError extends Error {
  readonly position: Position | undefined;
  constructor(message: string, position?: Position) {
    super(message);
    this.name = 'TemplateError';
    this.position = position;
  }
}

/** A file is valid JSON or YAML, but not a CloudFormation template. */
export class NotATemplate extends TemplateError {}
