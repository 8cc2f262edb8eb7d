import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { intrinsic, type Template } from '../../lib/evaluate/template/template.ts';
import type { Control, Json, TemplateResources } from '../../lib/model/control.ts';
import { isList, isObject } from '../../lib/model/json.ts';
import { pairs } from '../nag/pairs.ts';
import { Disguise, type Pool } from './disguise.ts';

const RUNS = Number(process.env.EVENKEEL_RUNS ?? 150);
const now = new Date('2026-01-01T00:00:00Z');

/** The parameters and resources that the templates of the cdk-nag comparison refer to. */
const context: Template = {
  Parameters: {
    Free: { Type: 'String' },
    Port: { Type: 'Number' },
    Yes: { Type: 'String', AllowedValues: ['true'] },
    No: { Type: 'String', AllowedValues: ['false'] },
    Either: { Type: 'String', AllowedValues: ['true', 'false'] },
  },
  Conditions: { Night: { 'Fn::Equals': [{ Ref: 'Free' }, 'night'] } },
};

function verdicts(control: Control, template: Template): { readonly [id: string]: string } {
  const said: { [id: string]: string } = {};
  const { findings } = evaluate([control], template, {
    now,
    onCompliant: (_control, id) => {
      said[id] = 'compliant';
    },
  });
  // A violation of a child resource counts for its owner.
  for (const { logicalId, owner = logicalId, verdict } of findings) said[owner] = verdict;
  return said;
}

/** Plain templates of a control: the states of its cases, and its templates of the cdk-nag comparison. */
async function plainTemplates(control: Control): Promise<TemplateResources[]> {
  const { cases } = await import(`../cases/${control.id}.ts`);
  const rows: { state: { [name: string]: Json }; parameters?: unknown }[] = [...cases.valid, ...cases.invalid];
  const states = rows.filter(({ parameters }) => !parameters).map(({ state }) => embedded(control, state));
  const corpus = pairs.filter((pair) => pair.control === control).flatMap((pair) => pair.cases);
  return [...states, ...corpus.map(({ resources }) => resources)];
}

/** A state as the properties of resources; the policy of a bucket is another resource's. */
function embedded({ resource }: Control, state: { [name: string]: Json }): TemplateResources {
  const { Arn, PolicyDocument, PrefixLists = {}, ...Properties } = state;
  if (Arn === undefined) {
    const lists = Object.entries(PrefixLists ?? {}).filter(([, entries]) => isList(entries));
    const known = lists.map(([, entries], n) => [
      `List${n}`,
      { Type: 'AWS::EC2::PrefixList', Properties: { Entries: (entries as Json[]).map((Cidr) => ({ Cidr })) } }, // see above
    ]);
    const text = lists.reduce(
      (all, [id], n) => all.replaceAll(JSON.stringify(id), JSON.stringify({ Ref: `List${n}` })),
      JSON.stringify(Properties),
    );
    return { It: { Type: resource, Properties: JSON.parse(text) }, ...Object.fromEntries(known) };
  }
  const own = { 'Fn::GetAtt': ['It', 'Arn'] };
  const document = JSON.stringify(PolicyDocument ?? {})
    .replaceAll(`${JSON.stringify(Arn)}`, JSON.stringify(own))
    .replaceAll(`"${Arn}/*"`, JSON.stringify({ 'Fn::Join': ['', [own, '/*']] }));
  const policy = { Bucket: { Ref: 'It' }, PolicyDocument: JSON.parse(document) };
  return {
    It: { Type: resource, Properties },
    ...(PolicyDocument !== undefined && { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: policy } }),
  };
}

function poolOf(templates: readonly TemplateResources[]): Pool {
  const pool = new Map<string, Map<string, Json>>();
  const collect = (value: Json | undefined, key: string): void => {
    if (value === undefined || value === null) return;
    if (isList(value)) for (const item of value) collect(item, key);
    if (intrinsic(value)) return;
    const known = pool.get(key) ?? new Map<string, Json>();
    pool.set(key, known.set(JSON.stringify(value), value));
    if (isObject(value)) for (const [name, item] of Object.entries(value)) collect(item, name);
  };
  for (const template of templates)
    for (const { Properties } of Object.values(template))
      for (const [name, value] of Object.entries(Properties ?? {})) collect(value, name);
  return new Map([...pool].map(([key, values]) => [key, [...values.values()]]));
}

/** The template with a few random values, because the tables contain only expected cases. */
function mutated(resources: TemplateResources, g: fc.GeneratorValue, disguise: Disguise): TemplateResources {
  const change = (value: Json | undefined, key: string): Json => {
    if (value === undefined || value === null || intrinsic(value)) return value ?? null;
    if (isList(value)) return value.map((item) => change(item, key));
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
    const other = g(fc.nat, { max: 11 }) === 0 ? disguise.other(key) : value;
    return typeof other === typeof value ? other : value; // CloudFormation refuses a value of another type, or makes it one of this
  };
  return Object.fromEntries(
    Object.entries(resources).map(([id, { Type, Properties = {} }]) => [
      id,
      { Type, Properties: change(Properties, '') as typeof Properties }, // an object stays an object
    ]),
  );
}

const renamed = (resources: TemplateResources): TemplateResources =>
  JSON.parse(
    Object.keys(resources).reduce(
      (text, id) => text.replaceAll(new RegExp(`(?<=["{])${id}(?=["}.])`, 'g'), `Guest${id}`),
      JSON.stringify(resources),
    ),
  );

describe('an equivalent template never gives the opposite verdict', { timeout: 60_000 + RUNS * 200 }, () => {
  for (const control of controls.filter(({ template }) => template !== undefined))
    it(`for ${control.id}`, async () => {
      const templates = await plainTemplates(control);
      const pool = poolOf(templates);
      let evaluateFile = 0;
      fc.assert(
        fc.property(fc.gen(), (g) => {
          const disguise = new Disguise(g, pool);
          const pick = () => templates[g(fc.nat, { max: templates.length - 1 })] ?? {};
          const base = pick();
          const plain = g(fc.boolean) ? mutated(base, g, disguise) : base;
          const truth = verdicts(control, { ...context, Resources: plain });
          const guests = g(fc.nat, { max: 3 }) === 0 ? renamed(pick()) : {};
          const template = disguise.template({ ...context, Resources: plain }, guests);
          const said = verdicts(control, template);
          for (const [id, verdict] of Object.entries(truth)) {
            if (verdict === 'unknown') continue;
            evaluateFile++;
            if (said[id] !== verdict && said[id] !== 'unknown')
              throw new Error(
                `${id} is ${verdict}: ${JSON.stringify(plain)}\nbut ${said[id]} as ${JSON.stringify(template, undefined, 1)}`,
              );
          }
        }),
        { numRuns: RUNS, endOnFailure: true }, // to shrink a generator takes long
      );
      expect(evaluateFile).toBeGreaterThan(RUNS / 4);
    });
});
