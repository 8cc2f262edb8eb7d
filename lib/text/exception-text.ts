import { pluralize } from './words.ts';

interface LiveScope {
  readonly account: string;
  readonly region?: string;
  readonly resource?: string;
}

interface TemplateScope {
  readonly stack: string;
  readonly resource?: string;
}

/** The text for an exception that names no resource. */
const ALL = 'every resource';

const WHEN: readonly (string | undefined)[] = ['today', 'tomorrow'];

/** The texts of a notification about an exception that expires soon. */
export const exceptionText = {
  subject: (id: string, days: number) => `Exception ${id} expires ${WHEN[days] ?? `in ${pluralize(days, 'day')}`}`,
  lead: (expires: string) =>
    `This exception applies until the end of ${expires} (UTC). After that, Evenkeel enforces the control again in the account, at synth and in the hook.`,
  live: ({ account, region, resource = ALL }: LiveScope) =>
    `${resource} (account ${[account, region].filter(Boolean).join(', ')})`,
  template: ({ stack, resource = ALL }: TemplateScope) => `${resource} (stack ${stack})`,
  choices: [
    'Fix the violation, and remove the entry from exceptions.yaml.',
    'Extend the exception: change `expires` in exceptions.yaml, reviewed by the approver.',
    'Do nothing: the resource violates the control from the next day on, and Evenkeel repairs it if the mode is auto.',
  ],
};
