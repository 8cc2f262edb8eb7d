// Compiled, never run: each `@ts-expect-error` is a promise of lib/control.ts that the compiler must keep.
import { type Control, defineControl, type ServiceName } from '../lib/model/control.ts';

type Flag = { readonly Flag?: boolean };
const facts = {
  id: 'example',
  title: 'Example',
  rationale: 'Example.',
  severity: 'low',
  resource: 'AWS::S3::Bucket',
  scope: 'regional',
  frameworks: {},
  detect: { by: 'custom-rule' },
  configId: 'id',
  violationExamples: [{}],
  template: ['Flag'],
  services: ['s3'],
  triggers: {},
  check: (_state: Flag) => 'compliant' as const,
} as const;
const observe = { actions: ['s3:GetBucketAcl'], async *list() {}, read: async () => ({}) } as const;
const repair = { actions: [], risk: 'low', desired: (state: Flag) => state, write: async () => undefined } as const;

const detective = defineControl({ ...facts, observe, guidance: 'Do it by hand.' });
const repairing = defineControl({ ...facts, observe, repair: { ...repair, reversible: true, maxMode: 'auto' } });
export const list: readonly Control[] = [detective, repairing];
export const names: readonly ServiceName[] = ['s3'];

defineControl({
  ...facts,
  observe,
  // @ts-expect-error an irreversible repair is never automatic
  repair: { ...repair, reversible: false, maxMode: 'auto' },
});
defineControl({
  ...facts,
  observe,
  // @ts-expect-error a repair that interrupts somebody waits for the owner
  repair: { ...repair, risk: 'high', reversible: true, maxMode: 'auto' },
});
// @ts-expect-error a control repairs or tells a person what to do
defineControl({ ...facts, observe });
defineControl({
  ...facts,
  guidance: 'Do it by hand.',
  observe: {
    ...observe,
    // @ts-expect-error an IAM action outside `uses`
    actions: ['ec2:DescribeInstances'],
  },
});
defineControl({
  ...facts,
  guidance: 'Do it by hand.',
  observe: {
    ...observe,
    // @ts-expect-error a client outside `uses`
    read: async ({ ec2 }) => ({ Flag: ec2 !== undefined }),
  },
});
defineControl({
  ...facts,
  observe,
  guidance: 'Do it by hand.',
  // @ts-expect-error a trigger of a service outside `uses`
  triggers: { 'ec2:RunInstances': 'requestParameters.id' },
});
defineControl({
  ...facts,
  observe,
  guidance: 'Do it by hand.',
  // @ts-expect-error a property that the state does not have
  template: ['Other'],
});
defineControl({
  ...facts,
  observe,
  guidance: 'Do it by hand.',
  parameters: { days: 90 },
  check(_state: Flag, parameters) {
    const days: number = parameters.days;
    // @ts-expect-error a parameter that was not declared
    parameters.weeks;
    return days > 0 ? 'compliant' : { violation: 'No.' };
  },
});
