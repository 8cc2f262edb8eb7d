/** The stage of a grace period that a notification is about. */
type Stage = 'start' | 'last-day';

/** The texts of a grace period notification. */
export const gracePeriodText = {
  subject: (stage: Stage, control: string, resource: string) =>
    `${stage === 'start' ? 'Scheduled repair' : 'Repair within a day'}: ${control} on ${resource}`,
  lead: (stage: Stage, control: string, until: string, reason: string) =>
    `This resource violates ${control}. Evenkeel repairs it after ${until}${
      stage === 'start' ? '' : ', within a day'
    }. The repair waits because it may interrupt users: ${reason}`,
  steps: (until: string) => `Before ${until} you can`,
  choices: [
    'Fix the violation at a time that suits you. Evenkeel then repairs nothing.',
    'Request an exception in exceptions.yaml. Its approver must not be its owner.',
    'Do nothing: Evenkeel repairs the resource.',
  ],
};
