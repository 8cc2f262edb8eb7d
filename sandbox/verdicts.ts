import { controls } from '../controls/index.ts';
import { clientsOf } from '../lambdas/runtime/sessions.ts';
import { type Config, parametersOf } from '../lib/config/config.ts';
import { names } from '../lib/config/names.ts';
import type { Control, Place, State } from '../lib/model/control.ts';
import { fillIn } from '../lib/model/parameter.ts';
import { sameState } from '../lib/model/state.ts';
import { rootOf } from './accounts.ts';
import { casesOf } from './cases.ts';
import type { ManagedVerdict } from './gateway/config/fake-config.ts';

/**
 * The verdicts of managed rules: the control's own `read` and `check`, or AWS's documented verdict if the table of cases has a
 * different one. They prove nothing about AWS's verdict on a state that no table has.
 */
export function managedVerdicts(config: Config, endpoint: () => string): ManagedVerdict {
  return async (rule, resource) => {
    const control = controls.find(({ id }) => names.configRule(id) === rule.ConfigRuleName);
    if (!control) return 'NOT_APPLICABLE';
    const { account, region } = resource;
    const spelling = control.configId === 'name' ? resource.name : resource.id;
    const target = { account, region, partition: 'aws', id: control.normalizeId?.(spelling) ?? spelling };
    const settings = { region, credentials: rootOf(account), endpoint: endpoint() };
    const state = await control.observe.read(await clientsOf(control.services, settings), target);
    return state ? verdictOf(config, control, target, state) : 'NOT_APPLICABLE';
  };
}

async function verdictOf(config: Config, control: Control, place: Place, state: State) {
  const { valid, invalid } = await casesOf(control.id);
  const row = [...valid, ...invalid].find((candidate) => candidate.aws && sameState(candidate.state, state));
  if (row?.aws) return row.aws.verdict;
  return control.check(state, fillIn(parametersOf(config, control), place), new Date()) === 'compliant'
    ? 'COMPLIANT'
    : 'NON_COMPLIANT';
}
