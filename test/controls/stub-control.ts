import { type Control, defineResource, type ServiceName, type State } from '../../lib/model/index.ts';

/** The changes that a test makes to a stub; a state may have any properties. */
type Changes<S extends State> = Partial<Omit<Control<ServiceName, S>, 'repair' | 'guidance' | 'observe'>> & {
  readonly repair?: Partial<NonNullable<Control<ServiceName, S>['repair']>>;
  readonly guidance?: string;
  readonly observe?: Partial<Control<ServiceName, S>['observe']>;
};

const type = defineResource({
  type: 'AWS::S3::Bucket',
  services: ['s3'],
  properties: {},
  list: { actions: [], async *all() {} },
  facets: {},
});

/** A control that finds everything compliant, with the test's changes. */
export function stubControl<S extends State = State>(changes: Changes<S> = {}): Control {
  const { repair, observe, ...facts } = changes;
  const stub = {
    id: 'example',
    title: 'Example',
    rationale: 'Example.',
    severity: 'low',
    frameworks: {},
    parameters: {},
    resource: type.type,
    templateType: facts.resource ?? type.type,
    type,
    facets: [],
    state: () => undefined,
    scope: 'regional',
    configType: type.type,
    configId: 'id',
    services: ['s3'],
    normalizeId: (spelling: string) => spelling,
    properties: {},
    explicit: [],
    check: () => 'compliant',
    violationExamples: [{}],
    detect: { by: 'custom-rule' },
    triggers: {},
    observe: { actions: [], async *list() {}, read: async () => ({}), ...observe },
    ...(repair
      ? {
          repair: {
            actions: [],
            risk: 'low',
            reversible: true,
            maxMode: 'auto',
            desired: (state: S) => state,
            write: async () => undefined,
            ...repair,
          },
        }
      : { guidance: 'Do it.' }),
    ...facts,
  };
  return stub as unknown as Control; // complete by the defaults above; the changes keep the types of their fields
}
