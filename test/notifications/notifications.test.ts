import { describe, expect, it } from 'vitest';
import type { Events } from '../../lib/events/events.ts';
import { eventExamples } from '../../lib/events/examples.ts';
import { hasNotification, notificationOf } from '../../lib/notifications/index.ts';
import { messageOf } from '../../lib/notifications/message.ts';
import type { Notification, NotificationContext } from '../../lib/notifications/notification.ts';
import { subscribersOf } from '../../lib/notifications/subscribers.ts';

const around: NotificationContext = {
  hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
  vault: 'the-vault',
  titleOf: (control) => (control === 'my-control' ? 'S3 buckets block public access' : control),
};
const told = <Type extends keyof Events>(type: Type, changes: Partial<Events[Type]> = {}): Notification =>
  notificationOf(type, { ...eventExamples[type], ...changes }, around);
const id = eventExamples['Evenkeel Outcome'].execution;

describe('what people are told', () => {
  it('of a request: what, where, whose, who did it, the patch, what comes of each answer, and the commands', () => {
    const { subject, text, owners, kind } = told('Evenkeel Approval Request');
    expect([kind, subject, owners]).toEqual(['approval', 'Approve? my-control on invoices', ['payments-team']]);
    for (const said of [
      'S3 buckets block public access (my-control, high)',
      'invoices (account 222222222222, eu-west-1)',
      'Block Public Access is off',
      'arn:aws:iam::222222222222:user/dev',
      'set PublicAccessBlockConfiguration.BlockPublicPolicy to true (was false)',
      `evenkeel approve ${id} --reason`,
      `evenkeel reject ${id} --reason`,
      'If nobody answers  After 2026-11-24T09:00:00.000Z it is escalated',
    ])
      expect(text).toContain(said);
  });

  it('leads to the execution, the rule in its own region, and the evidence', () => {
    const { text } = told('Evenkeel Approval Request');
    for (const link of [
      `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:111111111111:execution:evenkeel-remediation:${id}`,
      'https://eu-west-1.console.aws.amazon.com/config/home?region=eu-west-1#/rules/details?configRuleName=evenkeel-my-control',
      `https://eu-west-1.console.aws.amazon.com/s3/object/the-vault?region=eu-west-1&prefix=evidence%2F2026%2F11%2F21%2F222222222222%2F${id}%2F1-plan.json`,
    ])
      expect(text).toContain(link);
    const china = { ...eventExamples['Evenkeel Approval Request'].target, partition: 'aws-cn', region: 'cn-north-1' };
    expect(told('Evenkeel Approval Request', { target: china }).text).toContain(
      'https://cn-north-1.console.amazonaws.cn/config/',
    );
  });

  it('of an escalation: why, what was to be done, and what they can do', () => {
    const { text, subject } = told('Evenkeel Outcome');
    expect(subject).toBe('Escalated: my-control on invoices');
    expect(text).toMatch(/Why +It does not read back as compliant/);
    expect(text).toMatch(/The repair was to\n {2}set PublicAccessBlockConfiguration\.BlockPublicPolicy to true/);
    expect(text).toContain(`evenkeel evidence show ${id}`);
    expect(text).toContain('2-repair.json');
  });

  it('of a rollback that was not made: what stays, and how it may still be made', () => {
    const { text } = told('Evenkeel Outcome', { rollback: { execution: 'undone', holdDays: 14 } });
    expect(text).toMatch(/what execution undone repaired was not made what it was before/);
    expect(text).toMatch(/The rollback was to\n.*order the rollback again/s);
    expect(text).not.toContain('A repair ended with people');
  });

  it('of a request to roll back: what it would undo and bring back, and for how long nothing repairs it', () => {
    const { text, subject } = told('Evenkeel Approval Request', { rollback: { execution: 'undone', holdDays: 14 } });
    expect(subject).toMatch(/^Approve a rollback\?/);
    expect(text).toMatch(/Rollback of +execution undone; nothing repairs it for 14 days/);
    expect(text).toMatch(/Brings back +/);
  });

  it('of an escalation of which little is known, without lines that say nothing', () => {
    const { text, owners } = told('Evenkeel Outcome', {
      actor: undefined,
      owner: undefined,
      patch: undefined,
      violation: undefined,
      evidence: [],
    });
    expect(text).toContain('nobody known');
    expect(text).not.toMatch(/Wrong|The repair was to|Evidence |undefined/);
    expect(owners).toEqual([]);
  });

  it('of a repair that the next deployment undoes: which stack, from which commit, and the patch to its template', () => {
    const warning = 'The template itself is wrong.';
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
    const { kind, subject, text, owners } = told('Evenkeel Outcome', outcome);
    expect([kind, subject, owners]).toEqual([
      'template',
      'Put the template right: my-control on invoices',
      ['payments-team'],
    ]);
    expect(text).toMatch(/Declared in +stack shop, Store, https:\/\/git\.example\/shop, commit abcdef1/);
    expect(text).toContain('Change the template\n  set Resources.Store.Properties.Encrypted to true');
    expect(text).not.toContain('undefined');
  });

  it('of a batch: how many there are, the first of them, and how to release them', () => {
    const { subject, text } = told('Evenkeel Backlog');
    expect(subject).toBe('38 repairs wait: my-control in account 222222222222');
    expect(text).toContain('invoices (eu-west-1): Block Public Access is off');
    expect(text).toContain('... and 37 more');
    expect(text).toContain('evenkeel batch release my-control 222222222222 --reason');
  });

  it('of a grace period: who would be interrupted, until when, and what they can do until then', () => {
    expect(told('Evenkeel Grace Period').text).toMatch(/refused from that moment on/);
    expect(told('Evenkeel Grace Period').text).toMatch(/Last used\n {2}AKIA\.\.\.: 2026-\S+, s3, eu-west-1/);
    expect(told('Evenkeel Grace Period').subject).toBe('To be repaired: another-control on deploy-bot');
    const last = told('Evenkeel Grace Period', { occasion: 'last-day' });
    expect(last.subject).toBe('Last day before the repair: another-control on deploy-bot');
    expect(last.text).toContain('2026-11-24T09:00:00.000Z, which is within a day');
  });

  it.each([
    ['halt', 'evenkeel resume --reason'],
    ['resume', 'the next event or sweep finds it'],
    ['release', 'may repair the resource again'],
    ['release-account', 'without asking again'],
  ] as const)('of the order to %s: who gave it, and what it means', (kind, means) => {
    const { text } = told('Evenkeel Command', { kind });
    expect(text).toContain(means);
    expect(text).toContain('user/111111111111/carol');
  });

  it('of a breaker: why, how to release the account, and how to stop everything', () => {
    const { text, owners } = told('Evenkeel Circuit Breaker');
    expect(text).toMatch(/52 resources [\s\S]*evenkeel release \d{12}[\s\S]*evenkeel halt --reason/);
    expect(owners).toEqual(['payments-team']);
  });

  it('once a day: everything that waits, with the command for each, and whose it is', () => {
    const { subject, text, owners } = told('Evenkeel Reminder');
    expect(subject).toBe(
      'Waiting for you: all repairs are halted, 1 to approve, 1 held, 1 batch, 1 account to release',
    );
    for (const command of ['resume', `approve ${id}`, `release ${id}`, 'batch show my-control 222222222222'])
      expect(text).toContain(`evenkeel ${command}`);
    expect(owners).toEqual(['payments-team']);
  });

  it('of an exception that ends: to its own owner, when, and what comes then', () => {
    const { subject, text, owners } = told('Evenkeel Exception Expiring');
    expect([subject, owners]).toEqual(['Exception public-website ends in 14 days', ['web-team']]);
    expect(text).toMatch(/until the end of 2026-12-05[\s\S]*222222222222 website[\s\S]*anna \(WEB-1\)/);
    expect(told('Evenkeel Exception Expiring', { days: 1 }).subject).toMatch(/ends tomorrow/);
    expect(told('Evenkeel Exception Expiring', { days: 0 }).subject).toMatch(/ends today/);
  });

  it('of nothing else', () => expect(hasNotification('toString')).toBe(false));
});

describe('a message', () => {
  const message = (notification: Partial<Notification> = {}, detail: object = { a: 1 }) =>
    messageOf({ ...told('Evenkeel Approval Request'), ...notification }, 'Evenkeel Approval Request', detail);

  it('is text by e-mail and JSON everywhere else', () => {
    const { email, default: body } = JSON.parse(message().Message);
    expect(email).toMatch(/^A repair waits/);
    expect(JSON.parse(body)).toEqual({
      version: '1',
      type: 'Evenkeel Approval Request',
      subject: '[Evenkeel] Approve? my-control on invoices',
      text: email,
      detail: { a: 1 },
    });
  });

  it('has a subject that SNS takes, whatever a resource is called', () => {
    const { Subject } = message({ subject: `Bücket\n${'x'.repeat(200)}` });
    expect(Subject).toMatch(/^\[Evenkeel\] B\?cket\?x+\.\.\.$/);
    expect(Subject.length).toBeLessThan(100);
  });

  it('leaves out what would make it larger than SNS takes', () => {
    const { Message } = message({ text: 'y'.repeat(100_000) }, { a: '"'.repeat(200_000) });
    expect(Buffer.byteLength(Message)).toBeLessThan(256 * 1024);
    expect(JSON.parse(JSON.parse(Message).default)).not.toHaveProperty('detail');
  });

  it('can be filtered by what it is about, and says nothing of what it is not', () => {
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

it('an address hears of all its owners by one subscription, or of everything', () => {
  const owners = { a: { emails: ['x@e.com', 'y@e.com'] }, b: { emails: ['x@e.com', 'z@e.com'] } };
  expect([...subscribersOf({ notify: ['z@e.com'], owners })]).toEqual([
    ['x@e.com', ['a', 'b']],
    ['y@e.com', ['a']],
    ['z@e.com', undefined],
  ]);
});
