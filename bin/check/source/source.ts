/** A file, or standard input, that is or may be a template. */
export interface Source {
  /** The path as the user typed it; `-` is standard input. */
  readonly file: string;
  /** The stack's name in CloudFormation, from CDK or else from the file's name; for a nested stack, the parent's name. */
  readonly stack: string;
  readonly nested?: true;
  /** CDK wrote the file, so the next synthesis overwrites a change. */
  readonly generated?: true;
  /** The file in which CDK lists the stack's assets. */
  readonly assets?: string;
  /** The file was found in a folder by its extension alone, and may not be a template. */
  readonly guessed?: true;
}
