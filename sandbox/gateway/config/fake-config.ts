import { randomUUID } from 'node:crypto';
import type { AwsEvent, Upstream } from '../upstream.ts';
import type { Params } from '../values.ts';
import type { Call } from '../wire.ts';
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
import { configIdOf, type Touched, touchedBy } from './resources.ts';
import { inScope, isCustom, onChange, onSchedule } from './scope.ts';
import { complianceChange, ruleInvocation } from './shapes.ts';

/** AWS's verdict of a managed rule on a resource. */
export type ManagedVerdict = (rule: ConfigRule, resource: ConfigResource) => Promise<Verdict>;

/** What the Config player leans on. */
export interface FakeConfigOptions {
  upstream: Upstream;
  moto: () => URL;
  managedVerdict: ManagedVerdict;
  /** Whether each account and region has a recorder from the start. */
  recording: boolean;
  publish(event: AwsEvent): Promise<void>;
  /** Runs work that no caller waits for. */
  background(work: Promise<unknown>): void;
  now(): number;
}

/** An answer of a rule's function: which rule was asked, and when. */
interface Invocation {
  desk: RegionState;
  rule: ConfigRule;
  at: string;
}

/** One verdict to be recorded. */
interface NewVerdict {
  type: string;
  id: string;
  verdict: Verdict;
  annotation?: string;
  orderedAt?: string;
}

/** AWS Config, played: rules are evaluated when resources change, and changed verdicts are published. */
export interface FakeConfig {
  settings: FakeConfigOptions;
  desk(account: string, region: string): RegionState;
  /** Tells of a call that changed something. */
  changed(call: Call, output: Params, account: string, region: string): Promise<void>;
  /** Evaluates a rule on all that it looks at. */
  evaluate(desk: RegionState, rule: ConfigRule): Promise<void>;
  judged(asked: Invocation, judged: NewVerdict): Promise<void>;
  asked(token: string): Invocation | undefined;
}

/** Makes a Config that knows of nothing yet. */
export function openFakeConfig(settings: FakeConfigOptions): FakeConfig {
  const desks = new Map<string, RegionState>();
  const tokens = new Map<string, Invocation>();
  const time = () => new Date(settings.now()).toISOString();

  const desk = (account: string, region: string): RegionState => {
    const key = keyOf(account, region);
    const found = desks.get(key) ?? newRegionState(account, region, settings.recording);
    desks.set(key, found);
    return found;
  };

  const judged = async ({ desk, rule, at }: Invocation, { orderedAt = at, ...said }: NewVerdict): Promise<void> => {
    const key = keyOf(rule.ConfigRuleName, said.type, said.id);
    const before = desk.evaluations.get(key);
    if (before && orderedAt < before.orderedAt) return; // a late answer about an older state
    const now = { ...said, rule: rule.ConfigRuleName, orderedAt, recordedAt: time(), invokedAt: at };
    if (said.verdict === 'NOT_APPLICABLE') desk.evaluations.delete(key);
    else desk.evaluations.set(key, now);
    const was = before?.verdict ?? 'NOT_APPLICABLE';
    if (was !== said.verdict) await settings.publish(complianceChange(desk, rule, now, before));
  };

  const invoke = async (desk: RegionState, rule: ConfigRule, item?: Item): Promise<void> => {
    const token = randomUUID() + randomUUID();
    const at = time();
    tokens.set(token, { desk, rule, at });
    const [, , , region = desk.region, account = desk.account, , name = ''] = rule.Source.SourceIdentifier.split(':');
    const { status, body } = await settings.upstream.asRoot({
      account,
      region,
      scope: 'lambda',
      path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
      body: JSON.stringify(ruleInvocation(desk, rule, token, at, item)),
    });
    if (status >= 400) throw new Error(`Config rule ${rule.ConfigRuleName} cannot invoke ${name}: ${body.toString()}`);
  };

  const evaluateItem = async (desk: RegionState, rule: ConfigRule, item: Item): Promise<void> => {
    if (!inScope(rule, item)) return;
    if (isCustom(rule)) return invoke(desk, rule, item);
    const asked = { desk, rule, at: time() };
    const verdict = item.deleted ? 'NOT_APPLICABLE' : await settings.managedVerdict(rule, item);
    await judged(asked, { type: item.type, id: item.id, verdict });
  };

  const see = async (desk: RegionState, touched: Touched): Promise<Item | undefined> => {
    const known = [...desk.items.values()].find(({ type, name }) => type === touched.type && name === touched.name);
    const id = known?.id ?? (await configIdOf(touched, desk, settings.upstream, settings.moto));
    if (!id) return undefined;
    const item = { ...touched, account: desk.account, region: desk.region, id, capturedAt: time() };
    desk.items.set(keyOf(item.type, id), item);
    return item;
  };

  return {
    settings,
    desk,
    judged,
    asked: (token) => tokens.get(token),
    async changed(call, output, account, region) {
      const at = desk(account, region);
      for (const touched of touchedBy(call, output)) {
        const item = await see(at, touched);
        if (!item || !records(at, item.type)) continue;
        for (const rule of at.rules.values()) if (onChange(rule)) await evaluateItem(at, rule, item);
      }
    },
    async evaluate(at, rule) {
      if (isCustom(rule) && onSchedule(rule)) await invoke(at, rule);
      const own = { account: at.account, region: at.region, capturedAt: time(), deleted: false };
      const accountItem = { ...own, type: 'AWS::::Account', id: at.account, name: at.account };
      const scheduled = !isCustom(rule) && onSchedule(rule);
      if (!scheduled && !onChange(rule)) return;
      for (const item of [...at.items.values(), ...(scheduled ? [accountItem] : [])]) {
        if (!item.deleted && (scheduled || records(at, item.type))) await evaluateItem(at, rule, item);
      }
    },
  };
}
