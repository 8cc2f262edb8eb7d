/** Where an exception holds in templates: a stack by its name, and in it a logical id or a construct's path. */
export interface TemplateScope {
  readonly stack: string;
  /** All resources of the control in the stack unless told. */
  readonly resource?: string;
}

/** Where an exception holds live: an account, and in it a region and a resource by the id that its service's API takes. */
export interface LiveScope {
  readonly account: string;
  readonly region?: string;
  readonly resource?: string;
}

/** Leave for one control to be violated, from someone who may give it, until a day; it holds where its scopes say. */
export interface Exception {
  /** What evidence and findings call it by; unique in the register. */
  readonly id: string;
  readonly control: string;
  readonly template?: TemplateScope;
  readonly live?: LiveScope;
  /** Who answers for the violation while it is spared. */
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  /** Who gave leave; never the owner. */
  readonly approver: string;
  /** The last day on which it holds, as `YYYY-MM-DD` in UTC. */
  readonly expires: string;
}

/** The name of the published register, in its bucket. */
export const EXCEPTIONS_KEY = 'exceptions.json';

/** Every exception there is, as the hub publishes it; nothing else waives a control, at synth or live. */
export interface Exceptions {
  readonly schema: 'evenkeel.register/v1';
  /** The Git commit of the hub's repository that it was published from. */
  readonly commit: string;
  readonly exceptions: readonly Exception[];
}
