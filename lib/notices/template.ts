import { declaredIn } from '../declared.ts';
import type { OutcomeEvent } from '../outcome.ts';
import { render } from '../patch.ts';
import { type Around, facts, links, type Notice, section, text, where } from './notice.ts';

/** Tells an owner that something was repaired which the next deployment breaks again. */
export function templateNotice(event: OutcomeEvent, around: Around): Notice {
  const { control, severity, target, owner, ownerFrom, declared, warning, violation, evidence } = event;
  return {
    kind: 'template',
    subject: `Put the template right: ${control} on ${target.id}`,
    text: text(
      'This was repaired, and the next deployment of its stack breaks it again, for the template itself is wrong.',
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        Wrong: violation,
        Owner: owner && `${owner} (by ${ownerFrom})`,
        'Declared in': declared ? declaredIn(declared) : warning,
      }),
      section('Change the template', render(declared?.patch ?? [])),
      section('What you can do', [
        'Put the template right and deploy it: evenkeel check --fix <template> writes what is certain.',
        'Leave it as it is: add an exception to exceptions.yaml, approved by somebody who does not own it.',
        'Do nothing: it is repaired again after each deployment, until that counts as too often and people are asked.',
      ]),
      links(around, { ...event, evidence: evidence.at(-1) }),
    ),
    owners: owner ? [owner] : [],
    control,
    account: target.account,
    severity,
  };
}
