// Compiled and never run: each `@ts-expect-error` is a mistake that the types of lib/model must reject.
import { requires } from '../controls/requirement.ts';
import {
  boolean,
  type Control,
  defineControl,
  defineResource,
  required,
  type ServiceName,
  text,
} from '../lib/model/index.ts';

const bucket = defineResource({
  type: 'AWS::S3::Bucket',
  services: ['s3'],
  properties: { Flag: boolean(), Name: text(), Password: text({ secret: true }) },
  list: { actions: ['s3:ListAllMyBuckets'], async *all() {} },
  facets: { acl: { actions: ['s3:GetBucketAcl'], read: async () => ({ isOpen: true }) } },
});

const facts = {
  id: 'example',
  title: 'Example',
  rationale: 'Example.',
  severity: 'low',
  frameworks: {},
  resource: bucket,
  facets: ['acl'],
  triggers: {},
} as const;
const live = { ...facts, state: ({ acl }: { acl: { isOpen: boolean } }) => ({ Flag: acl.isOpen }) } as const;
const rule = requires({ Flag: true }, 'The flag is off.');
const repair = { actions: [], risk: 'low', write: async () => undefined } as const;
const guidance = 'Do it manually.';

const detective = defineControl({ ...live, rule, guidance });
const repairing = defineControl({ ...live, rule, repair: { ...repair, reversible: true, maxMode: 'auto' } });
export const list: readonly Control[] = [detective, repairing];
export const names: readonly ServiceName[] = ['s3'];

defineControl({
  ...live,
  rule,
  // @ts-expect-error an irreversible repair is never automatic
  repair: { ...repair, reversible: false, maxMode: 'auto' },
});
defineControl({
  ...live,
  rule,
  // @ts-expect-error a high risk waits for the owner
  repair: { ...repair, risk: 'high', reversible: true, maxMode: 'auto' },
});
// @ts-expect-error a control repairs or has guidance
defineControl({ ...live, rule });
defineControl({
  ...live,
  rule,
  repair: {
    ...repair,
    reversible: true,
    maxMode: 'auto',
    // @ts-expect-error an IAM action of a service that the type does not name
    actions: ['ec2:RunInstances'],
  },
});
defineControl({
  ...live,
  rule,
  // @ts-expect-error the same, inside a spread
  repair: {
    ...repair,
    reversible: true,
    maxMode: 'auto',
    ...{ actions: ['ec2:RunInstances'] as const },
  },
});
defineControl({
  ...live,
  rule,
  repair: {
    ...repair,
    reversible: true,
    maxMode: 'auto',
    // @ts-expect-error a client of a service that the type does not name
    write: async ({ ec2 }) => void ec2,
  },
});
defineControl({
  ...live,
  rule,
  guidance,
  // @ts-expect-error a trigger of a service that the type does not name
  triggers: { 'requestParameters.id': ['ec2:RunInstances'] },
});
defineControl({
  ...live,
  guidance,
  // @ts-expect-error a property that the type does not have
  rule: requires({ Other: true }, 'No.'),
});
defineControl({
  ...live,
  guidance,
  // @ts-expect-error a required value of another shape
  rule: requires({ Flag: 'yes' }, 'No.'),
});
defineControl({
  ...facts,
  rule,
  guidance,
  // @ts-expect-error a property of the state that the rule does not name
  state: () => ({ Name: 'x' }),
});
defineControl({
  ...facts,
  rule,
  guidance,
  // @ts-expect-error a facet that the control does not name
  state: ({ policy }) => ({ Flag: policy !== undefined }),
});
defineControl({
  ...live,
  guidance,
  // @ts-expect-error a misspelt field
  rationales: 'Example.',
  rule,
});
defineControl({
  ...live,
  guidance,
  // @ts-expect-error a field that a later one overwrites
  severity: 'high',
  ...facts,
  rule,
});
defineControl({
  ...live,
  rule: { properties: ['Flag', 'Password'], check: () => 'compliant', violationExamples: [{}] },
  repair: {
    ...repair,
    reversible: true,
    maxMode: 'auto',
    // @ts-expect-error a secret in the desired state
    desired: (state) => ({ Flag: true, Password: state.Password }),
  },
});
defineControl({
  ...live,
  guidance,
  parameters: { days: 90 },
  rule: {
    properties: ['Flag'],
    check(_state, parameters) {
      const days: number = parameters.days;
      // @ts-expect-error a parameter that was not declared
      parameters.weeks;
      return days > 0 ? 'compliant' : { violation: 'No.' };
    },
    violationExamples: [{}],
  },
});
defineControl({
  ...live,
  guidance,
  parameters: { logGroup: required('text'), names: required('texts'), days: 90 },
  rule: {
    properties: ['Flag'],
    check(_state, { logGroup, names, days }) {
      const texts: readonly string[] = [logGroup.toLowerCase(), ...names];
      // @ts-expect-error a required text is no number
      days + logGroup.length > logGroup;
      return texts.length > days ? 'compliant' : { violation: 'No.' };
    },
    violationExamples: [{}],
  },
});
// @ts-expect-error a kind of value that parameters do not have
required('date');
