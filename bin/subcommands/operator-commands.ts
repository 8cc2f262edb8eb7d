import type { CommandAccepted } from '../../lib/events/api.ts';
import { commandLines } from '../../lib/text/command-lines.ts';
import { hubSubcommand } from './hub-subcommand.ts';

const done = (what: string, { by, at, evidence }: CommandAccepted) =>
  `Done: ${what} by ${by} at ${at}.\n  evidence  ${evidence}`;
const accepted = async (answer: Promise<unknown>) => (await answer) as CommandAccepted; // the API's type

/** The subcommand `evenkeel halt`. */
export const halt = hubSubcommand({
  name: 'halt',
  summary: 'Stop all repairs.',
  details:
    'Evenkeel stops every repair in every account before its next write. It still reads back and records a write that it has already made. It still finds violations, and records them with the outcome held. "evenkeel resume" ends the halt.',
  args: [],
  anyIdentity: true,
  example: '--reason "incident INC-77, nothing may change"',
  permissions: 'POST /halt',
  async run(api, { reason }, print) {
    print('Halting all repairs.');
    const answer = await accepted(api.post('/halt', { reason }));
    print(done('halted', answer));
    return answer;
  },
});

/** The subcommand `evenkeel resume`. */
export const resume = hubSubcommand({
  name: 'resume',
  summary: 'Resume repairs after a halt.',
  details: 'A violation that was held during the halt is repaired when the next event or sweep finds it.',
  args: [],
  example: '--reason "INC-77 is closed"',
  permissions: 'DELETE /halt',
  async run(api, { reason }, print) {
    print('Resuming repairs.');
    const answer = await accepted(api.delete('/halt', { reason }));
    print(done('resumed', answer));
    return answer;
  },
});

/** The subcommand `evenkeel release`. */
export const release = hubSubcommand({
  name: 'release',
  summary: 'Release a hold, or close the circuit breaker of an account.',
  details:
    'Pass an execution to release the hold that it placed. A hold stops a control on one resource, after another actor reverted repairs several times or after a rollback. Pass an account to close its circuit breaker, which opens after too many repairs or failures. Evenkeel then repairs a violation when the next event or sweep finds it.',
  args: ['execution|account'],
  example: '6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "the script that reverted it was removed"',
  permissions: 'POST /executions/*/release or POST /accounts/*/release',
  async run(api, { args: [subject = ''], reason }, print) {
    const isAccount = /^\d{12}$/.test(subject);
    print(
      isAccount
        ? `Closing the circuit breaker of account ${subject}.`
        : `Releasing the hold that execution ${subject} placed.`,
    );
    const path = `/${isAccount ? 'accounts' : 'executions'}/${encodeURIComponent(subject)}/release`;
    const answer = await accepted(api.post(path, { reason }));
    print(done('released', answer));
    return answer;
  },
});

/** The subcommand `evenkeel rollback`. */
export const rollback = hubSubcommand({
  name: 'rollback',
  summary: 'Roll back a repair.',
  details:
    'A rollback restores the state from before a repair, if the resource has not changed since the repair. Another person must approve it. The rollback places a hold on the resource, because the control would otherwise repair it again. "evenkeel release" ends the hold early.',
  args: ['execution'],
  options: { 'hold-days': { value: 'days', default: '14', meaning: 'Length of the hold, 1 to 90 days.' } },
  example: '6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "broke the payment page, INC-78" --hold-days 7',
  permissions: 'POST /executions/*/rollback',
  async run(api, { args: [execution = ''], reason, options }, print) {
    const holdDays = Number(options['hold-days']);
    print(
      `Requesting a rollback of the repair of execution ${execution}, with a hold of ${options['hold-days']} days.`,
    );
    const answer = await accepted(
      api.post(`/executions/${encodeURIComponent(execution)}/rollback`, { reason, holdDays }),
    );
    print(done('rollback requested', answer));
    print(
      `Nothing has changed yet. Another person must approve the rollback: ${commandLines.approve(answer.startsExecution ?? '<execution>')}`,
    );
    return answer;
  },
});
