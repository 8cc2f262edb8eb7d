import { approvalOptions } from '../text/approval-text.ts';
import { backlogOptions } from '../text/backlog-text.ts';
import { circuitBreakerOptions } from '../text/circuit-breaker-text.ts';
import { explain } from '../text/reasons.ts';
import { driftWarning } from '../text/template-source-text.ts';
import type { Events } from './events.ts';

const execution = '6c7b3519-05f3-8837-9c4e-96b4813096ed';
const machine = `arn:aws:states:eu-west-1:111111111111:execution:evenkeel-remediation:${execution}`;
const target = { account: '222222222222', region: 'eu-west-1', partition: 'aws', id: 'invoices' };
const planKey = `evidence/2026/11/21/222222222222/${execution}/1-plan.json`;
const dev = { type: 'IAMUser', arn: 'arn:aws:iam::222222222222:user/dev' };
const about = {
  version: '1',
  execution,
  machine,
  control: 'my-control',
  severity: 'high',
  target,
  owner: 'payments-team',
} as const;
const violation = 'Block Public Access is off: BlockPublicPolicy.';
const patch = [
  { op: 'replace', path: '/PublicAccessBlockConfiguration/BlockPublicPolicy', value: true },
] as const satisfies Events['Evenkeel Approval Request']['patch'];
const [since, until] = ['2026-11-21T09:00:00.000Z', '2026-11-24T09:00:00.000Z'];
const tooManyRepairs = { code: 'too-many-repairs', repairs: 52, minutes: 60, limit: 50 } as const;
const item = { control: about.control, target, owner: about.owner, since };

const templateSource = {
  stack: 'invoicing',
  logicalId: 'Invoices',
  repository: 'https://git.example.com/payments/invoicing',
  commit: 'c0ffee5',
  patch: [
    {
      op: 'replace',
      path: '/Resources/Invoices/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy',
      value: true,
    },
  ],
} as const;

/** One example of each event, for the docs and for tests. */
export const eventExamples: Events = {
  'Evenkeel Outcome': {
    ...about,
    ownerSource: 'config account',
    origin: 'drift',
    outcome: 'escalated',
    ...explain({ code: 'still-in-violation' }, { code: 'changed-by-others' }),
    actor: dev,
    violation,
    patch,
    evidence: [planKey, `evidence/2026/11/21/222222222222/${execution}/2-repair.json`],
    seconds: 34.2,
    reevaluate: false,
  },
  'Evenkeel Approval Request': {
    ...about,
    ownerSource: 'config account',
    origin: 'template',
    templateSource,
    warning: driftWarning('template', templateSource),
    actors: [dev],
    violation,
    before: { PublicAccessBlockConfiguration: { BlockPublicPolicy: false } },
    patch,
    plan: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    evidence: planKey,
    approvers: 1,
    expires: until,
    options: approvalOptions(execution, until),
  },
  'Evenkeel Backlog': {
    version: '1',
    control: about.control,
    severity: about.severity,
    account: target.account,
    owner: about.owner,
    since,
    ...explain({ code: 'mode-raised', from: 'observe', to: 'auto' }),
    count: 38,
    resources: [{ execution, region: target.region, id: target.id, violation }],
    options: backlogOptions(about.control, target.account),
  },
  'Evenkeel Grace Period': {
    version: '1',
    execution,
    control: 'another-control',
    severity: 'medium',
    target: { ...target, region: 'us-east-1', id: 'deploy-bot' },
    owner: about.owner,
    violation: 'Access key AKIA... is 132 days old.',
    patch: [{ op: 'replace', path: '/Keys/0/Status', value: 'Inactive' }],
    lastUse: [{ what: 'AKIA...', at: since, service: 's3', region: 'eu-west-1' }],
    reason: 'AWS refuses every call that still uses the key.',
    stage: 'start',
    since,
    until,
  },
  'Evenkeel Circuit Breaker': {
    version: '1',
    account: target.account,
    owner: about.owner,
    ...explain(tooManyRepairs),
    since,
    options: circuitBreakerOptions(target.account),
  },
  'Evenkeel Command': {
    version: '1',
    kind: 'release',
    by: 'user/111111111111/carol',
    identity: 'arn:aws:iam::111111111111:user/carol',
    reason: 'the script that reverted the repair is removed',
    execution,
    at: since,
    control: about.control,
    target,
    evidence: `evidence/2026/11/21/222222222222/c2a4.../1-command.json`,
  },
  'Evenkeel Reminder': {
    version: '1',
    day: '2026-11-22',
    pending: {
      halt: { by: 'user/111111111111/carol', at: since, reason: 'incident INC-77' },
      approvals: [{ ...item, execution }],
      holds: [{ ...item, ...explain({ code: 'flapping', count: 3, minutes: 10 }), execution }],
      backlogs: [{ control: about.control, account: target.account, owner: about.owner, since }],
      circuitBreakers: [
        {
          account: target.account,
          owner: about.owner,
          since,
          ...explain(tooManyRepairs),
        },
      ],
      exceptions: [],
    },
  },
  'Evenkeel Exception Expiring': {
    version: '1',
    exception: {
      id: 'public-website',
      control: about.control,
      live: { account: target.account, resource: 'website' },
      owner: 'web-team',
      reason: 'The bucket is a public website.',
      ticket: 'WEB-1',
      approver: 'anna',
      expires: '2026-12-05',
    },
    days: 14,
  },
};
