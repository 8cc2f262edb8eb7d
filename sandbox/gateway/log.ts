/** One AWS call, as the log keeps it. */
export interface CallRecord {
  seq: number;
  time: string;
  /** botocore's name: `stepfunctions`, not `states`; the SigV4 scope where the call could not be named. */
  service: string;
  /** The API operation; `?` where the call could not be named. */
  action: string;
  account: string;
  region: string;
  /** The role session's name, the IAM user's, or `root`. */
  session: string;
  arn: string;
  /** 0 while under way, and for good where no answer was given. */
  status: number;
  error?: string;
  requestId?: string;
  ms: number;
  fault?: string;
  /** Whether the service carried the call out, whatever the caller was told. */
  effect: boolean;
}

/** Selects calls: each is a regular expression that the whole value must match. */
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

/** Says whether each given pattern matches the whole of its field. */
export function selects(filter: Omit<CallFilter, 'since'>, call: Record<(typeof FIELDS)[number], string>): boolean {
  return FIELDS.every((field) => {
    const pattern = filter[field];
    return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(call[field]);
  });
}

/** The log of calls: bounded, so that a sandbox left running does not grow. */
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
