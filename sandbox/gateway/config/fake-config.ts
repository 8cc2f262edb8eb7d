import { randomUUID } from 'node:crypto';
import { type ChangedResource, changedBy } from '../catalogue.ts';
import type { AwsEvent } from '../types.ts';
import type { Upstream } from '../upstream.ts';
import { configIdOf } from './config-ids.ts';
import {
  type ConfigResource,
  type ConfigRule,
  type Item,
  keyOf,
  newRegionState,
  type RegionState,
  records,
  type Verdict,
} from './region-state.ts';
import { inScope, isCustom, onChange, onSchedule } from './scope.ts';
import { complianceChange, ruleInvocation } from './shapes.ts';

/** Returns AWS's verdict of a managed rule on a resource. */
export type ManagedVerdict = (rule: ConfigRule, resource: ConfigResource) => Promise<Verdict>;

/** The dependencies of the fake AWS Config. */
export interface FakeConfigOptions {
  upstream: Upstream;
  moto: () => URL;
  managedVerdict: ManagedVerdict;
  /** Whether each account and region has a recorder from the start. */
  recording: boolean;
  publish(event: AwsEvent): Promise<void>;
  /** Runs work in the background. */
  background(work: Promise<unknown>): void;
  now(): number;
}

/** An invocation of a rule's function. */
interface Invocation {
  state: RegionState;
  rule: ConfigRule;
  at: string;
}

/** A verdict to record. */
interface NewVerdict {
  type: string;
  id: string;
  verdict: Verdict;
  annotation?: string;
  orderedAt?: string;
}

/** A fake AWS Config: it evaluates rules when resources change and publishes changed verdicts. */
export interface FakeConfig {
  options: FakeConfigOptions;
  stateOf(account: string, region: string): RegionState;
  /** Evaluates the rules on the resources that a call changed, by the detail of its CloudTrail event. */
  changed(detail: unknown, account: string, region: string): Promise<void>;
  /** Evaluates a rule on all resources in its scope. */
  evaluate(state: RegionState, rule: ConfigRule): Promise<void>;
  recordVerdict(invocation: Invocation, verdict: NewVerdict): Promise<void>;
  /** The invocation that a result token belongs to. */
  invocationOf(token: string): Invocation | undefined;
}

/** Makes a fake AWS Config without resources and rules. */
export function openFakeConfig(options: FakeConfigOptions): FakeConfig {
  const states = new Map<string, RegionState>();
  const invocations = new Map<string, Invocation>();
  const time = () => new Date(options.now()).toISOString();

  const stateOf = (account: string, region: string): RegionState => {
    const key = keyOf(account, region);
    const found = states.get(key) ?? newRegionState(account, region, options.recording);
    states.set(key, found);
    return found;
  };

  const recordVerdict = async ({ state, rule, at }: Invocation, { orderedAt = at, ...verdict }: NewVerdict) => {
    const key = keyOf(rule.ConfigRuleName, verdict.type, verdict.id);
    const before = state.evaluations.get(key);
    if (before && orderedAt < before.orderedAt) return; // a late verdict on an older configuration
    const now = { ...verdict, rule: rule.ConfigRuleName, orderedAt, recordedAt: time(), invokedAt: at };
    if (verdict.verdict === 'NOT_APPLICABLE') state.evaluations.delete(key);
    else state.evaluations.set(key, now);
    const previous = before?.verdict ?? 'NOT_APPLICABLE';
    if (previous !== verdict.verdict) await options.publish(complianceChange(state, rule, now, before));
  };

  const invoke = async (state: RegionState, rule: ConfigRule, item?: Item): Promise<void> => {
    const token = randomUUID() + randomUUID();
    const at = time();
    invocations.set(token, { state, rule, at });
    const [, , , region = state.region, account = state.account, , name = ''] = rule.Source.SourceIdentifier.split(':');
    const { status, body } = await options.upstream.asRoot({
      account,
      region,
      scope: 'lambda',
      path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
      body: JSON.stringify(ruleInvocation(state, rule, token, at, item)),
    });
    if (status >= 400) throw new Error(`Config rule ${rule.ConfigRuleName} cannot invoke ${name}: ${body.toString()}`);
  };

  const evaluateItem = async (state: RegionState, rule: ConfigRule, item: Item): Promise<void> => {
    if (!inScope(rule, item)) return;
    if (isCustom(rule)) return invoke(state, rule, item);
    const invocation = { state, rule, at: time() };
    const verdict = item.deleted ? 'NOT_APPLICABLE' : await options.managedVerdict(rule, item);
    await recordVerdict(invocation, { type: item.type, id: item.id, verdict });
  };

  const recordItem = async (state: RegionState, changed: ChangedResource): Promise<Item | undefined> => {
    const known = [...state.items.values()].find(({ type, name }) => type === changed.type && name === changed.name);
    const id = known?.id ?? (await configIdOf(changed, state, options.upstream, options.moto));
    if (!id) return undefined;
    const item = { ...changed, account: state.account, region: state.region, id, capturedAt: time() };
    state.items.set(keyOf(item.type, id), item);
    return item;
  };

  return {
    options,
    stateOf,
    recordVerdict,
    invocationOf: (token) => invocations.get(token),
    async changed(detail, account, region) {
      const state = stateOf(account, region);
      for (const resource of changedBy(detail)) {
        const item = await recordItem(state, resource);
        if (!item || !records(state, item.type)) continue;
        for (const rule of state.rules.values()) if (onChange(rule)) await evaluateItem(state, rule, item);
      }
    },
    async evaluate(state, rule) {
      if (isCustom(rule) && onSchedule(rule)) await invoke(state, rule);
      const common = { account: state.account, region: state.region, capturedAt: time(), deleted: false };
      const accountItem = { ...common, type: 'AWS::::Account', id: state.account, name: state.account };
      const scheduled = !isCustom(rule) && onSchedule(rule);
      if (!scheduled && !onChange(rule)) return;
      for (const item of [...state.items.values(), ...(scheduled ? [accountItem] : [])]) {
        if (!item.deleted && (scheduled || records(state, item.type))) await evaluateItem(state, rule, item);
      }
    },
  };
}
