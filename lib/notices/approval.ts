import { lastUsed } from '../last-use.ts';
import type { ApprovalRequest } from '../outcome.ts';
import { render } from '../patch.ts';
import { type Around, causes, facts, links, type Notice, section, text, where } from './notice.ts';

/** Asks people about one repair. */
export function approvalNotice(request: ApprovalRequest, around: Around): Notice {
  const { control, severity, target, owner, actors, violation, patch, before, approvers, expires, ways } = request;
  const { rollback } = request;
  const { ownerFrom, warning, because, lastUse = [] } = request;
  return {
    kind: 'approval',
    subject: `Approve${rollback ? ' a rollback' : ''}? ${control} on ${target.id}`,
    text: text(
      `A ${rollback ? 'rollback' : 'repair'} waits for ${approvers === 1 ? 'a person' : `${approvers} people`} to decide, until ${expires}.`,
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        'Rollback of': rollback && `execution ${rollback.execution}; nothing repairs it for ${rollback.holdDays} days`,
        [rollback ? 'Brings back' : 'Wrong']: violation,
        Owner: `${owner} (by ${ownerFrom})`,
        'Caused by': causes(actors),
        'Why ask': because,
      }),
      section(`The ${rollback ? 'rollback' : 'repair'} would`, render(patch, { from: before })),
      section('Last used', lastUse.map(lastUsed)),
      warning ?? '',
      facts({ 'If approved': ways.approve, 'If rejected': ways.reject, 'If nobody answers': ways.silence }),
      'Nobody approves what they caused, or what they own an exception for.',
      links(around, request),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
