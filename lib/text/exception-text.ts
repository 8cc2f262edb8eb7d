import { pluralize } from './words.ts';

const WHEN: readonly (string | undefined)[] = ['today', 'tomorrow'];

/** The texts of a notification about an exception that expires soon. */
export const exceptionText = {
  subject: (id: string, days: number) => `Exception ${id} expires ${WHEN[days] ?? `in ${pluralize(days, 'day')}`}`,
  lead: (expires: string) =>
    `This exception applies until the end of ${expires} (UTC). After that, Evenkeel enforces the control again, live and at synth.`,
  choices: [
    'Fix the violation, and remove the entry from exceptions.yaml.',
    'Extend the exception: change `expires` in exceptions.yaml, reviewed by the approver.',
    'Do nothing: the resource violates the control from the next day on, and is repaired where the mode is auto.',
  ],
};
