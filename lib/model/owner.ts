/** The owner of a resource or account, and where Evenkeel found that name. */
export interface Owner {
  readonly name: string;
  readonly from: 'config account' | 'stack tag' | 'resource tag' | 'config default' | 'not governed any more';
}
