import type { Json, Located, TemplateResource, TemplateResources } from '../../../lib/control.ts';
import { properties, referredTo } from '../../reference.ts';
import { type Ingress, listOf, RULE, type Rule } from './rules.ts';

/** A security group's rules, inline and in resources of their own, and the entries of prefix lists beside it. */
export function locateIngress(logicalId: string, resources: TemplateResources): Located<Ingress> {
  const inline = resources[logicalId]?.Properties?.SecurityGroupIngress;
  const siblings = Object.values(resources)
    .filter((resource) => isRuleOf(resource, logicalId, resources))
    .map(ruleOf);
  if (siblings.length > 0 && inline !== undefined && !Array.isArray(inline))
    throw new Error(`The inline rules of ${logicalId} are not known yet.`);
  if (inline === undefined && siblings.length === 0) return { state: {}, at: logicalId };
  // A template may hold anything in a rule; whoever reads one looks at each value's type.
  const SecurityGroupIngress = (siblings.length > 0 ? [...((inline as Rule[]) ?? []), ...siblings] : inline) as Rule[];
  const lists = Array.isArray(SecurityGroupIngress) ? prefixLists(SecurityGroupIngress, resources) : {};
  if (Object.keys(lists).length > 0) return { state: { SecurityGroupIngress, PrefixLists: lists } };
  return { state: { SecurityGroupIngress }, at: siblings.length > 0 ? undefined : logicalId };
}

function isRuleOf({ Type, Properties }: TemplateResource, logicalId: string, resources: TemplateResources): boolean {
  if (Type !== 'AWS::EC2::SecurityGroupIngress') return false;
  if (referredTo(Properties?.GroupId) === logicalId || referredTo(Properties?.GroupName) === logicalId) return true;
  const name = Properties?.GroupName;
  return typeof name === 'string' && name === resources[logicalId]?.Properties?.GroupName;
}

function ruleOf({ Properties }: TemplateResource): Rule {
  const values = RULE.map((name) => [name, Properties?.[name]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function prefixLists(rules: readonly Rule[], resources: TemplateResources): { [list: string]: readonly string[] } {
  const found: { [list: string]: readonly string[] } = {};
  for (const rule of rules) {
    const resource = resources[referredTo(rule?.SourcePrefixListId) ?? ''];
    const entries = resource?.Type === 'AWS::EC2::PrefixList' ? entriesOf(resource.Properties?.Entries) : undefined;
    if (entries) found[listOf(rule) ?? ''] = entries;
  }
  return found;
}

/** The blocks of a prefix list, if all of them are known. */
function entriesOf(entries: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(entries)) return undefined;
  const blocks = entries.map((entry) => properties(entry)?.Cidr);
  return blocks.every((block) => typeof block === 'string') ? blocks : undefined;
}
