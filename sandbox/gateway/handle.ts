import { randomUUID } from 'node:crypto';
import { type Answer, errorAnswer, errorOf, jsonAnswer, outputOf } from './answer.ts';
import { answerConfig } from './config/api.ts';
import { ConfigError } from './config/config-error.ts';
import type { FakeConfig } from './config/fake-config.ts';
import { type FaultState, type Faults, refusalOf } from './faults.ts';
import type { Caller, Identities } from './identity.ts';
import type { CallLog, CallRecord } from './log.ts';
import type { Models } from './models.ts';
import type { PreviousReads } from './previous.ts';
import { backendOf } from './routes.ts';
import { answerTags } from './tags.ts';
import { trailEvent } from './trail.ts';
import { isRead, isTrailed } from './trail-names.ts';
import type { AwsEvent, Upstream } from './upstream.ts';
import { type Call, nameCall, type Signer, signerOf, type WireRequest } from './wire.ts';

/** What a caller gets: an answer, silence for so many seconds, or a cut connection. */
export type Outcome = { answer: Answer } | { silence: number };

/** What a request passes through. */
export interface GatewayContext {
  models: Models;
  upstream: Upstream;
  identities: Identities;
  log: CallLog;
  faults: Faults;
  previous: PreviousReads;
  config: FakeConfig;
  ministack: () => URL;
  moto: () => URL;
  /** Whether MiniStack is asked if the caller may, before a call goes elsewhere. */
  authorize: boolean;
  trail(event: AwsEvent): Promise<void>;
  background(work: Promise<unknown>): void;
  unnamed(what: string): void;
}

interface Named {
  call: Call;
  caller: Caller;
  entry: CallRecord;
  request: WireRequest;
  sourceIp: string;
}

/** Carries one request through naming, faults, the service and the trail. */
export async function handle(parts: GatewayContext, request: WireRequest, sourceIp: string): Promise<Outcome> {
  const signer = signerOf(request);
  // Function URLs, API Gateway and answers of custom resources carry no signature: they are nobody's AWS call.
  if (!signer) return { answer: await parts.upstream.forward(parts.ministack(), request, {}) };
  const caller = await parts.identities.resolve(signer.accessKey, signer.region);
  const call = nameCall(request, signer, parts.models);
  const { account, arn, session } = caller;
  const entry = parts.log.open({
    service: call?.service ?? signer.scope,
    action: call?.action ?? '?',
    account,
    region: signer.region,
    session,
    arn,
  });
  const started = performance.now();
  try {
    if (call) return await carryNamed(parts, { call, caller, entry, request, sourceIp });
    parts.unnamed(`${signer.scope} ${request.method} ${request.path}`);
    const answer = await carryOut(parts, request, signer, caller);
    note(entry, answer, '');
    return { answer };
  } finally {
    entry.ms = Math.round((performance.now() - started) * 10) / 10;
  }
}

async function carryNamed(parts: GatewayContext, named: Named): Promise<Outcome> {
  const { call, caller, entry } = named;
  const previous = isRead(call) ? parts.previous.of(call, caller.arn) : undefined;
  const fault = parts.faults.strike(entry, previous !== undefined);
  if (fault) entry.fault = fault.when === 'after' ? `${fault.kind} after the effect` : fault.kind;
  if (fault?.kind === 'stale' && previous) {
    note(entry, previous, randomUUID());
    entry.effect = false;
    return { answer: previous };
  }
  if (fault && fault.when !== 'after') {
    const failed = fail(fault, call, entry);
    // AWS records what it refused; what never arrived, or broke, leaves no record here.
    if ('answer' in failed && fault.kind !== '500') finish(parts, named, failed.answer);
    return failed;
  }
  const answer = await carryOut(parts, named.request, call, caller, call);
  note(entry, answer, requestIdOf(answer));
  finish(parts, named, answer);
  return fault ? fail(fault, call, entry) : { answer };
}

function finish(parts: GatewayContext, named: Named, answer: Answer): void {
  const { call, caller, entry } = named;
  if (answer.status < 400) {
    parts.identities.learn(call, answer);
    parts.faults.succeeded(entry);
  }
  // That something is not there is an answer too, and may be a stale one.
  if (isRead(call) && (answer.status < 400 || answer.status === 404)) parts.previous.keep(call, caller.arn, answer);
  if (isTrailed(call)) parts.background(publishCall(parts, named, answer, entry.requestId ?? randomUUID()));
}

async function publishCall(parts: GatewayContext, named: Named, answer: Answer, requestId: string): Promise<void> {
  await parts.trail(trailEvent({ ...named, answer, requestId }));
  if (answer.status >= 400) return;
  await parts.config.changed(named.call, outputOf(named.call, answer), named.caller.account, named.call.region);
}

async function carryOut(
  parts: GatewayContext,
  request: WireRequest,
  signer: Signer,
  caller: Caller,
  call?: Call,
): Promise<Answer> {
  const backend = backendOf(call?.service ?? signer.scope);
  if (backend === 'ministack') return parts.upstream.forward(parts.ministack(), request, {});
  const refused = caller.identity.type === 'Root' ? undefined : await refusedTo(parts, request);
  if (refused) return refused;
  if (backend === 'moto') {
    return parts.upstream.forward(parts.moto(), request, { 'x-moto-account-id': caller.account });
  }
  if (backend === 'tags' && call?.action === 'GetResources') return answerTags(parts, caller.account, call);
  return playConfig(parts.config, caller.account, signer.region, call);
}

// moto and the Config player check no rights: MiniStack checks them by the caller's own signed request.
async function refusedTo(parts: GatewayContext, request: WireRequest): Promise<Answer | undefined> {
  if (!parts.authorize || request.path.startsWith('/v20180820/')) return undefined;
  const asked = await parts.upstream.forward(parts.ministack(), request, { 'x-evenkeel-authorize-only': '1' });
  return asked.status === 204 ? undefined : asked;
}

async function playConfig(player: FakeConfig, account: string, region: string, call?: Call): Promise<Answer> {
  const requestId = randomUUID();
  try {
    if (!call) throw new ConfigError('InvalidAction', 'This is no call that AWS Config knows.');
    const result = await answerConfig(player, player.desk(account, region), call.action, call.params);
    return jsonAnswer(200, result, requestId);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return errorAnswer({ protocol: 'json' }, 400, { code: error.name, message: error.message }, requestId);
  }
}

function fail(fault: FaultState, call: Call, entry: CallRecord): Outcome {
  const refusal = refusalOf(fault, call);
  if (!refusal) {
    entry.status = 0;
    return { silence: fault.kind === 'timeout' ? (fault.seconds ?? 70) : 0 };
  }
  const requestId = entry.requestId ?? randomUUID();
  const { effect } = entry;
  const answer = errorAnswer(call, refusal.status, refusal.error, requestId);
  note(entry, answer, requestId);
  entry.effect = effect;
  return { answer };
}

function note(entry: CallRecord, answer: Answer, requestId: string): void {
  const error = errorOf(answer);
  Object.assign(entry, {
    status: answer.status,
    requestId,
    effect: answer.status < 400,
    ...(error && { error: error.code }),
  });
}

function requestIdOf({ headers }: Answer): string {
  return String(headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? randomUUID());
}
