/** The identity that made a change, from CloudTrail's `userIdentity`. */
export interface Actor {
  readonly type: string;
  readonly arn?: string;
  /** The ARN, with its path, of the role that the session belongs to. */
  readonly issuer?: string;
  /** The AWS service that made the call on behalf of the identity. */
  readonly invokedBy?: string;
}
