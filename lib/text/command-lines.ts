const REASON = '--reason "..."';

/** The commands that Evenkeel asks people to run. */
export const commandLines = {
  status: 'evenkeel status',
  plan: 'evenkeel plan',
  halt: `evenkeel halt ${REASON}`,
  resume: `evenkeel resume ${REASON}`,
  approve: (execution: string) => `evenkeel approve ${execution} ${REASON}`,
  reject: (execution: string) => `evenkeel reject ${execution} ${REASON}`,
  /** Releases the hold that an execution placed, or the circuit breaker of an account. */
  release: (executionOrAccount: string) => `evenkeel release ${executionOrAccount} ${REASON}`,
  backlogShow: (control: string, account: string) => `evenkeel backlog show ${control} ${account}`,
  backlogRelease: (control: string, account: string) => `evenkeel backlog release ${control} ${account} ${REASON}`,
  evidenceShow: (execution: string) => `evenkeel evidence show ${execution}`,
  fixTemplate: 'evenkeel check --fix <template>',
  pullExceptions: 'evenkeel exceptions pull',
};
