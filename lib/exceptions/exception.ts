/** The scope of an exception in templates: a stack and, in it, a logical id or a construct path. */
export interface TemplateScope {
  readonly stack: string;
  /** Without it, the exception covers all resources of the stack that the control is about. */
  readonly resource?: string;
}

/** The scope of an exception in live accounts: an account and, in it, a region and a resource by the id that its service's API takes. */
export interface LiveScope {
  readonly account: string;
  readonly region?: string;
  readonly resource?: string;
}

/** An approved entry that lets the resources in its scopes violate one control until a given day. */
export interface Exception {
  /** The name in evidence and findings; unique in the exceptions file. */
  readonly id: string;
  readonly control: string;
  readonly template?: TemplateScope;
  readonly live?: LiveScope;
  /** The team or person who is responsible while the violation is exempt. */
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  /** The person who approved the exception; never the owner. */
  readonly approver: string;
  /** The last day on which the exception applies, as `YYYY-MM-DD` in UTC. */
  readonly expires: string;
}

/** The key of the published exceptions in their bucket. */
export const EXCEPTIONS_KEY = 'exceptions.json';

/** All exceptions, as the hub publishes them. No other entry exempts a resource, at synth or live. */
export interface Exceptions {
  readonly schema: 'evenkeel.exceptions/v1';
  /** The Git commit of the hub's repository from which the exceptions were published. */
  readonly commit: string;
  readonly exceptions: readonly Exception[];
}
