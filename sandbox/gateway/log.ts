/** One AWS call in the log. */
export interface CallRecord {
  seq: number;
  time: string;
  /** botocore's name, such as `stepfunctions`; the SigV4 scope if no model has the call. */
  service: string;
  /** The API operation; `?` if no model has the call. */
  action: string;
  account: string;
  region: string;
  /** The name of the role session or of the IAM user, or `root`. */
  session: string;
  arn: string;
  /** 0 while the call is in progress, and if it got no answer. */
  status: number;
  error?: string;
  requestId?: string;
  ms: number;
  fault?: string;
  /** Whether the call had its effect, even if its answer was an error. */
  effect: boolean;
}

/** Selects calls. Each field is a regular expression that must match the whole value. */
export interface CallFilter {
  /** Only calls after this sequence number. */
  since?: number;
  service?: string;
  action?: string;
  session?: string;
  arn?: string;
  account?: string;
  region?: string;
}

const FIELDS = ['service', 'action', 'session', 'arn', 'account', 'region'] as const;

/** Whether every pattern of a filter matches. */
export function selects(filter: Omit<CallFilter, 'since'>, call: Record<(typeof FIELDS)[number], string>): boolean {
  return FIELDS.every((field) => {
    const pattern = filter[field];
    return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(call[field]);
  });
}

/** The log of calls, with a limited length. */
export interface CallLog {
  open(call: Omit<CallRecord, 'seq' | 'time' | 'status' | 'ms' | 'effect'>): CallRecord;
  read(filter?: CallFilter): CallRecord[];
  clear(): void;
  count(): number;
}

/** Makes an empty log. */
export function openLog(limit = 20_000): CallLog {
  const calls: CallRecord[] = [];
  let seq = 0;
  return {
    open(call) {
      const made = { seq: ++seq, time: new Date().toISOString(), ...call, status: 0, ms: 0, effect: false };
      if (calls.push(made) > limit) calls.splice(0, limit / 10);
      return made;
    },
    read: ({ since = 0, ...filter } = {}) => calls.filter((call) => call.seq > since && selects(filter, call)),
    clear: () => calls.splice(0),
    count: () => seq,
  };
}
