import type { FindReferencing, Json, Located, TemplateResource, TemplateResources } from '../../../lib/model/index.ts';
import { mentions, properties, referredTo } from '../../template-reference.ts';
import { type Ingress, RULE, type Rule } from './rules.ts';

const RULE_TYPE = 'AWS::EC2::SecurityGroupIngress';
const OWNER: readonly string[] = ['GroupId', 'GroupName'];

/** Rules as resources of their own, which refer to their group. */
export const children: { readonly [type: string]: readonly string[] } = { [RULE_TYPE]: OWNER };

/** A security group's rules, inline and in resources of their own, and the entries of the template's prefix lists. */
export function locateIngress(
  logicalId: string,
  resources: TemplateResources,
  referencing: FindReferencing,
): Located<Ingress> {
  const subject = resources[logicalId];
  if (subject?.Type === RULE_TYPE) return located([ruleOf(subject)], resources);
  const inline = subject?.Properties?.SecurityGroupIngress;
  const separate = referencing(RULE_TYPE, OWNER).filter(([, resource]) => isRuleOf(resource, logicalId, resources));
  if (inline === undefined && separate.length === 0) return { state: {}, at: logicalId };
  const own = properties(inline) ? [inline] : (inline ?? []);
  if (!Array.isArray(own)) {
    if (separate.length > 0) throw new Error(`The inline rules of ${logicalId} are deploy-time values`);
    return { state: { SecurityGroupIngress: inline as unknown as Rule[] }, at: logicalId }; // an unresolved value, which the evaluator handles
  }
  // The evaluator checks the shape of the inline rules.
  const rules: Rule[] = [...(own as Rule[]), ...separate.map(([, resource]) => ruleOf(resource))];
  if (separate.length === 0) return located(rules, resources, logicalId);
  const origins = [...own.map(() => undefined), ...separate.map(([id]) => id)];
  return { ...located(rules, resources), origins: { SecurityGroupIngress: origins } };
}

function located(rules: readonly Rule[], resources: TemplateResources, at?: string): Located<Ingress> {
  const lists: { [list: string]: readonly string[] } = {};
  const SecurityGroupIngress = rules.map((rule) => withListName(rule, resources, lists));
  if (Object.keys(lists).length > 0) return { state: { SecurityGroupIngress, PrefixLists: lists } };
  return { state: { SecurityGroupIngress }, ...(at !== undefined && { at }) };
}

function isRuleOf({ Properties }: TemplateResource, logicalId: string, resources: TemplateResources): boolean {
  const { GroupId, GroupName } = Properties ?? {};
  if (referredTo(GroupId) === logicalId || referredTo(GroupName) === logicalId) return true;
  if (mentions(GroupId, logicalId) || mentions(GroupName, logicalId))
    throw new Error(`An ingress rule may belong to ${logicalId}, depending on a deploy-time value`);
  const name = resources[logicalId]?.Properties?.GroupName;
  return name !== undefined && JSON.stringify(name) === JSON.stringify(GroupName);
}

function ruleOf({ Properties }: TemplateResource): Rule {
  const values = RULE.map((name) => [name, Properties?.[name]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** Replaces a reference to a prefix list of the template by text, and adds the list's entries to `lists`. */
function withListName(rule: Rule, resources: TemplateResources, lists: { [list: string]: readonly string[] }): Rule {
  const id = referredTo(properties(rule)?.SourcePrefixListId);
  const list = id === undefined ? undefined : resources[id];
  const entries = list?.Type === 'AWS::EC2::PrefixList' ? entriesOf(list.Properties?.Entries) : undefined;
  if (!entries) return rule;
  lists[`\${${id}}`] = entries;
  return { ...rule, SourcePrefixListId: `\${${id}}` };
}

/** The blocks of a prefix list; undefined if one of them is unresolved. */
function entriesOf(entries: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(entries)) return undefined;
  const blocks = entries.map((entry) => properties(entry)?.Cidr);
  return blocks.every((block) => typeof block === 'string') ? blocks : undefined;
}
