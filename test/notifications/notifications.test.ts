import { describe, expect, it } from 'vitest';
import type { Events } from '../../lib/events/events.ts';
import { eventExamples } from '../../lib/events/examples.ts';
import { hasNotification, notificationOf } from '../../lib/notifications/index.ts';
import { messageOf } from '../../lib/notifications/message.ts';
import type { Notification, NotificationContext } from '../../lib/notifications/notification.ts';
import { subscribersOf } from '../../lib/notifications/subscribers.ts';

const context: NotificationContext = {
  hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
  vault: 'the-vault',
  titleOf: (control) => (control === 'my-control' ? 'S3 buckets block public access' : control),
};
const notify = <Type extends keyof Events>(type: Type, changes: Partial<Events[Type]> = {}): Notification =>
  notificationOf(type, { ...eventExamples[type], ...changes }, context);
const id = eventExamples['Evenkeel Outcome'].execution;

describe('a notification', () => {
  it('of an approval request shows control, resource, owner, cause, patch, choices and commands', () => {
    const { subject, text, owners, kind } = notify('Evenkeel Approval Request');
    expect([kind, subject, owners]).toEqual([
      'approval',
      'Approval required: my-control on invoices',
      ['payments-team'],
    ]);
    for (const part of [
      'S3 buckets block public access (my-control, high)',
      'invoices (account 222222222222, eu-west-1)',
      'Block Public Access is off',
      'arn:aws:iam::222222222222:user/dev',
      'set PublicAccessBlockConfiguration.BlockPublicPolicy to true (was false)',
      `evenkeel approve ${id} --reason`,
      `evenkeel reject ${id} --reason`,
      'If approved     Evenkeel repairs the resource if it has not changed since the plan.',
      'If not decided  The request expires at 2026-11-24T09:00:00.000Z and is escalated.',
    ])
      expect(text).toContain(part);
  });

  it('links to the execution, the Config rule in its own region and the evidence', () => {
    const { text } = notify('Evenkeel Approval Request');
    for (const link of [
      `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:111111111111:execution:evenkeel-remediation:${id}`,
      'https://eu-west-1.console.aws.amazon.com/config/home?region=eu-west-1#/rules/details?configRuleName=evenkeel-my-control',
      `https://eu-west-1.console.aws.amazon.com/s3/object/the-vault?region=eu-west-1&prefix=evidence%2F2026%2F11%2F21%2F222222222222%2F${id}%2F1-plan.json`,
    ])
      expect(text).toContain(link);
    const china = { ...eventExamples['Evenkeel Approval Request'].target, partition: 'aws-cn', region: 'cn-north-1' };
    expect(notify('Evenkeel Approval Request', { target: china }).text).toContain(
      'https://cn-north-1.console.amazonaws.cn/config/',
    );
  });

  it('of an escalation shows the reason, the planned repair and the choices', () => {
    const { text, subject } = notify('Evenkeel Outcome');
    expect(subject).toBe('Escalated: my-control on invoices');
    expect(text).toMatch(/Reason +The resource was read back after the repair and is not compliant/);
    expect(text).toMatch(/Planned repair\n {2}set PublicAccessBlockConfiguration\.BlockPublicPolicy to true/);
    expect(text).toContain(`evenkeel evidence show ${id}`);
    expect(text).toContain('2-repair.json');
  });

  it('of a rollback that stopped shows the choices for a rollback', () => {
    const { text } = notify('Evenkeel Outcome', { rollback: { execution: 'undone', holdDays: 14 } });
    expect(text).toContain('The rollback of execution undone stopped. Manual action is required.');
    expect(text).toMatch(/Planned rollback\n.*request the rollback again/s);
    expect(text).not.toContain('Automatic repair stopped');
  });

  it('of a rollback request shows the execution, the violation that returns and the hold', () => {
    const { text, subject } = notify('Evenkeel Approval Request', { rollback: { execution: 'undone', holdDays: 14 } });
    expect(subject).toMatch(/^Approval required: rollback of /);
    expect(text).toMatch(/Rollback of +execution undone; a hold then stops repairs for 14 days/);
    expect(text).toMatch(/Restores +/);
  });

  it('omits the lines whose value is unknown', () => {
    const { text, owners } = notify('Evenkeel Outcome', {
      actor: undefined,
      owner: undefined,
      patch: undefined,
      violation: undefined,
      evidence: [],
    });
    expect(text).toMatch(/Changed by +unknown/);
    expect(text).not.toMatch(/Violation|Planned repair|Evidence |undefined/);
    expect(owners).toEqual([]);
  });

  it('of a template that violates the control shows the stack, the commit and the fix', () => {
    const warning = 'The template violates the control.';
    const patch = [{ op: 'add', path: '/Resources/Store/Properties/Encrypted', value: true }] as const;
    const templateSource = {
      stack: 'shop',
      logicalId: 'Store',
      repository: 'https://git.example/shop',
      commit: 'abcdef1',
      patch,
    };
    const outcome = {
      outcome: 'repaired',
      origin: 'template',
      warning,
      templateSource,
      ownerSource: 'stack tag',
    } as const;
    const { kind, subject, text, owners } = notify('Evenkeel Outcome', outcome);
    expect([kind, subject, owners]).toEqual([
      'template',
      'Fix the template: my-control on invoices',
      ['payments-team'],
    ]);
    expect(text).toMatch(/Template +stack shop, Store, https:\/\/git\.example\/shop, commit abcdef1/);
    expect(text).toContain('Change in the template\n  set Resources.Store.Properties.Encrypted to true');
    expect(text).not.toContain('undefined');
  });

  it('of a backlog shows the number of violations, the first of them and the commands', () => {
    const { subject, text } = notify('Evenkeel Backlog');
    expect(subject).toBe('Review 38 existing violations: my-control in account 222222222222');
    expect(text).toContain('invoices (eu-west-1): Block Public Access is off');
    expect(text).toContain('... and 37 more');
    expect(text).toContain('evenkeel backlog release my-control 222222222222 --reason');
  });

  it('of a grace period shows the reason, the end and the last use', () => {
    expect(notify('Evenkeel Grace Period').text).toMatch(
      /may interrupt users: AWS refuses every call that still uses the key\./,
    );
    expect(notify('Evenkeel Grace Period').text).toMatch(/Last used\n {2}AKIA\.\.\.: 2026-\S+, s3, eu-west-1/);
    expect(notify('Evenkeel Grace Period').subject).toBe('Scheduled repair: another-control on deploy-bot');
    const last = notify('Evenkeel Grace Period', { stage: 'last-day' });
    expect(last.subject).toBe('Repair within a day: another-control on deploy-bot');
    expect(last.text).toContain('after 2026-11-24T09:00:00.000Z, within a day.');
  });

  it.each([
    ['halt', 'evenkeel resume --reason'],
    ['resume', 'when the next event or sweep finds them'],
    ['release', 'may repair the resource again'],
    ['release-account', 'no longer need approval'],
  ] as const)('of the command %s shows the operator and the effect', (kind, effect) => {
    const { text } = notify('Evenkeel Command', { kind });
    expect(text).toContain(effect);
    expect(text).toContain('user/111111111111/carol');
  });

  it('of a circuit breaker shows the reason and the commands to release the account and to halt', () => {
    const { text, owners } = notify('Evenkeel Circuit Breaker');
    expect(text).toMatch(/52 resources [\s\S]*evenkeel release \d{12}[\s\S]*evenkeel halt --reason/);
    expect(owners).toEqual(['payments-team']);
  });

  it('of the daily reminder lists every item with its command and owner', () => {
    const { subject, text, owners } = notify('Evenkeel Reminder');
    expect(subject).toBe('Action required: repairs are halted, 1 approval, 1 hold, 1 backlog, 1 open circuit breaker');
    for (const command of ['resume', `approve ${id}`, `release ${id}`, 'backlog show my-control 222222222222'])
      expect(text).toContain(`evenkeel ${command}`);
    expect(owners).toEqual(['payments-team']);
  });

  it('of an exception that expires shows the date and the scope', () => {
    const { subject, text, owners } = notify('Evenkeel Exception Expiring');
    expect([subject, owners]).toEqual(['Exception public-website expires in 14 days', ['web-team']]);
    expect(text).toMatch(/until the end of 2026-12-05[\s\S]*website \(account 222222222222\)[\s\S]*anna \(WEB-1\)/);
    expect(notify('Evenkeel Exception Expiring', { days: 1 }).subject).toMatch(/expires tomorrow/);
    expect(notify('Evenkeel Exception Expiring', { days: 0 }).subject).toMatch(/expires today/);
  });

  it('exists for no other event', () => expect(hasNotification('toString')).toBe(false));
});

describe('a message', () => {
  const message = (notification: Partial<Notification> = {}, detail: object = { a: 1 }) =>
    messageOf({ ...notify('Evenkeel Approval Request'), ...notification }, 'Evenkeel Approval Request', detail);

  it('is text for e-mail and JSON for other subscribers', () => {
    const { email, default: body } = JSON.parse(message().Message);
    expect(email).toMatch(/^A repair waits for approval until/);
    expect(JSON.parse(body)).toEqual({
      version: '1',
      type: 'Evenkeel Approval Request',
      subject: '[Evenkeel] Approval required: my-control on invoices',
      text: email,
      detail: { a: 1 },
    });
  });

  it('has a subject that SNS accepts, whatever the name of the resource', () => {
    const { Subject } = message({ subject: `Bücket\n${'x'.repeat(200)}` });
    expect(Subject).toMatch(/^\[Evenkeel\] B\?cket\?x+\.\.\.$/);
    expect(Subject.length).toBeLessThan(100);
  });

  it('omits the detail when the message would be too large for SNS', () => {
    const { Message } = message({ text: 'y'.repeat(100_000) }, { a: '"'.repeat(200_000) });
    expect(Buffer.byteLength(Message)).toBeLessThan(256 * 1024);
    expect(JSON.parse(JSON.parse(Message).default)).not.toHaveProperty('detail');
  });

  it('has attributes to filter by, without those that are unknown', () => {
    expect(message().MessageAttributes).toEqual({
      kind: { DataType: 'String', StringValue: 'approval' },
      owner: { DataType: 'String.Array', StringValue: '["payments-team"]' },
      control: { DataType: 'String', StringValue: 'my-control' },
      account: { DataType: 'String', StringValue: '222222222222' },
      severity: { DataType: 'String', StringValue: 'high' },
    });
    expect(Object.keys(message({ owners: [], control: undefined }).MessageAttributes)).toEqual([
      'kind',
      'account',
      'severity',
    ]);
  });
});

it('an address has one subscription for all of its owners, or for all notifications', () => {
  const owners = { a: { emails: ['x@e.com', 'y@e.com'] }, b: { emails: ['x@e.com', 'z@e.com'] } };
  expect([...subscribersOf({ notify: ['z@e.com'], owners })]).toEqual([
    ['x@e.com', ['a', 'b']],
    ['y@e.com', ['a']],
    ['z@e.com', undefined],
  ]);
});
