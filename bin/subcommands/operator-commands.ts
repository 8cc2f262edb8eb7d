import type { CommandAccepted } from '../../lib/events/api.ts';
import type { Api } from './hub-api.ts';
import { hubSubcommand } from './hub-subcommand.ts';

const told = (does: string, { by, at, evidence }: CommandAccepted) =>
  `Done: ${does} by ${by} at ${at}.\n  evidence  ${evidence}`;
const order = async (answer: Promise<unknown>) => (await answer) as CommandAccepted; // the hub's word

/** The command `evenkeel halt`. */
export const halt = hubSubcommand({
  name: 'halt',
  does: `Stops every repair in every account: what is about to write does not, and what was written is still read back and recorded.
Violations are still found and recorded, as held. "evenkeel resume" lets repairs go on.`,
  takes: [],
  example: 'halt --reason "incident INC-77, nothing may change"',
  needs: 'POST /halt',
  async run(api: Api, { reason }, say) {
    say('Halting every repair.');
    const taken = await order(api.post('/halt', { reason }));
    say(told('halted', taken));
    return taken;
  },
});

/** The command `evenkeel resume`. */
export const resume = hubSubcommand({
  name: 'resume',
  does: 'Lets repairs go on that "evenkeel halt" stopped; what was held meanwhile is repaired when the next event or sweep finds it.',
  takes: [],
  example: 'resume --reason "INC-77 is closed"',
  needs: 'DELETE /halt',
  async run(api: Api, { reason }, say) {
    say('Letting repairs go on.');
    const taken = await order(api.delete('/halt', { reason }));
    say(told('resumed', taken));
    return taken;
  },
});

/** The command `evenkeel release`. */
export const release = hubSubcommand({
  name: 'release',
  does: `Lets a control repair a resource again that it was held off, because somebody broke it as often as it was repaired:
name the execution that said so. Or lets the repairs of an account go on without asking, whose breaker opened because there were too many
or they failed: name the account. The next event or sweep that finds a violation is repaired.`,
  takes: ['execution or account'],
  example: 'release 6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "the script that fought it is gone"',
  needs: 'POST /executions/*/release or POST /accounts/*/release',
  async run(api: Api, { names: [subject = ''], reason }, say) {
    const isAccount = /^\d{12}$/.test(subject);
    say(isAccount ? `Releasing the repairs of account ${subject}.` : `Releasing what execution ${subject} was about.`);
    const path = `/${isAccount ? 'accounts' : 'executions'}/${encodeURIComponent(subject)}/release`;
    const taken = await order(api.post(path, { reason }));
    say(told('released', taken));
    return taken;
  },
});

/** The command `evenkeel rollback`. */
export const rollback = hubSubcommand({
  name: 'rollback',
  does: `Brings back what was before an execution repaired it, if nothing has changed since. Somebody else must approve it, and the
control is then held off the resource, or it would repair it again at once; "evenkeel release" ends that earlier.`,
  takes: ['execution'],
  own: { 'hold-days': { takes: 'days', default: '14', means: 'how long it is left so, 1 to 90 days' } },
  example: 'rollback 6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "it broke the payment page, INC-78" --hold-days 7',
  needs: 'POST /executions/*/rollback',
  async run(api: Api, { names: [execution = ''], reason, own }, say) {
    const holdDays = Number(own['hold-days']);
    say(
      `Ordering that what execution ${execution} repaired is made what it was before, and left so for ${own['hold-days']} days.`,
    );
    const taken = await order(api.post(`/executions/${encodeURIComponent(execution)}/rollback`, { reason, holdDays }));
    say(told('rollback ordered', taken));
    say(
      `Nothing is changed yet: somebody else must approve it. Run: evenkeel approve ${taken.startsExecution} --reason "..."`,
    );
    return taken;
  },
});
