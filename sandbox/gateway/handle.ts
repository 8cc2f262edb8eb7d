import { randomUUID } from 'node:crypto';
import { errorAnswer, errorOf, jsonAnswer } from './answer.ts';
import { iamActionOf } from './catalogue.ts';
import { answerConfig } from './config/api.ts';
import { ConfigError } from './config/config-error.ts';
import type { FakeConfig } from './config/fake-config.ts';
import { type FaultState, type Faults, refusalOf } from './faults.ts';
import type { Identities } from './identity.ts';
import type { CallLog, CallRecord } from './log.ts';
import type { Models } from './models.ts';
import type { PreviousReads } from './previous.ts';
import type { Router } from './routes.ts';
import { answerTags } from './tags.ts';
import { trailEvent } from './trail.ts';
import { isRead, isTrailed } from './trail-names.ts';
import type { Answer, AwsEvent, Call, Caller, Signer, WireRequest } from './types.ts';
import type { Upstream } from './upstream.ts';
import { nameCall, signerOf } from './wire.ts';

/** The result for a caller: an answer, or silence for some seconds and then a cut connection. */
export type Outcome = { answer: Answer } | { silence: number };

/** The parts of a gateway that handle a request. */
export interface GatewayContext {
  models: Models;
  upstream: Upstream;
  identities: Identities;
  log: CallLog;
  faults: Faults;
  previous: PreviousReads;
  config: FakeConfig;
  route: Router;
  ministack: () => URL;
  moto: () => URL;
  /** Whether MiniStack authorizes the caller before a call goes to another backend. */
  authorize: boolean;
  trail(event: AwsEvent): Promise<void>;
  background(work: Promise<unknown>): void;
  unnamed(what: string): void;
}

interface NamedCall {
  call: Call;
  caller: Caller;
  entry: CallRecord;
  request: WireRequest;
  sourceIp: string;
}

/** Handles one request: names the call, injects faults, forwards the call and publishes its CloudTrail event. */
export async function handle(gateway: GatewayContext, request: WireRequest, sourceIp: string): Promise<Outcome> {
  const signer = signerOf(request);
  // Requests of function URLs, API Gateway and custom resources have no signature; they are not AWS calls.
  if (!signer) return { answer: await gateway.upstream.forward(gateway.ministack(), request, {}) };
  const caller = await gateway.identities.resolve(signer.accessKey, signer.region);
  const call = nameCall(request, signer, gateway.models);
  const { account, arn, session } = caller;
  const entry = gateway.log.open({
    service: call?.service ?? signer.scope,
    action: call?.action ?? '?',
    account,
    region: signer.region,
    session,
    arn,
  });
  const started = performance.now();
  try {
    if (call) return await handleNamed(gateway, { call, caller, entry, request, sourceIp });
    gateway.unnamed(`${signer.scope} ${request.method} ${request.path}`);
    const answer = await send(gateway, request, signer, caller);
    noteAnswer(entry, answer, '');
    return { answer };
  } finally {
    entry.ms = Math.round((performance.now() - started) * 10) / 10;
  }
}

async function handleNamed(gateway: GatewayContext, named: NamedCall): Promise<Outcome> {
  const { call, caller, entry } = named;
  const previous = isRead(call) ? gateway.previous.of(call, caller.arn) : undefined;
  const fault = gateway.faults.strike(entry, previous !== undefined);
  if (fault) entry.fault = fault.when === 'after' ? `${fault.kind} after the effect` : fault.kind;
  if (fault?.kind === 'stale' && previous) {
    noteAnswer(entry, previous, randomUUID());
    entry.effect = false;
    return { answer: previous };
  }
  if (fault && fault.when !== 'after') {
    const failed = fail(fault, call, entry);
    // CloudTrail records refused calls. Lost and failed calls leave no record here.
    if ('answer' in failed && fault.kind !== '500') finish(gateway, named, failed.answer);
    return failed;
  }
  const answer = await send(gateway, named.request, call, caller, call);
  noteAnswer(entry, answer, requestIdOf(answer));
  finish(gateway, named, answer);
  return fault ? fail(fault, call, entry) : { answer };
}

function finish(gateway: GatewayContext, named: NamedCall, answer: Answer): void {
  const { call, caller, entry } = named;
  if (answer.status < 400) {
    gateway.identities.learn(call, answer);
    gateway.faults.succeeded(entry);
  }
  // A "not found" can be stale too.
  if (isRead(call) && (answer.status < 400 || answer.status === 404)) gateway.previous.keep(call, caller.arn, answer);
  if (isTrailed(call)) gateway.background(publishCall(gateway, named, answer, entry.requestId ?? randomUUID()));
}

async function publishCall(
  gateway: GatewayContext,
  named: NamedCall,
  answer: Answer,
  requestId: string,
): Promise<void> {
  const event = trailEvent({ ...named, answer, requestId });
  await gateway.trail(event);
  if (answer.status < 400) await gateway.config.changed(event.detail, named.caller.account, named.call.region);
}

async function send(
  gateway: GatewayContext,
  request: WireRequest,
  signer: Signer,
  caller: Caller,
  call?: Call,
): Promise<Answer> {
  const backend = gateway.route(call?.service ?? signer.scope, signer.scope);
  if (backend === 'ministack') return gateway.upstream.forward(gateway.ministack(), request, {});
  const refused = caller.identity.type === 'Root' ? undefined : await refusal(gateway, request, call);
  if (refused) return refused;
  if (backend === 'moto') {
    return gateway.upstream.forward(gateway.moto(), request, { 'x-moto-account-id': caller.account });
  }
  if (backend === 'tags' && call?.action === 'GetResources') return answerTags(gateway, caller.account, call);
  return askConfig(gateway.config, caller.account, signer.region, call);
}

// moto and the fake AWS Config do not authorize; MiniStack does so with the caller's own signed request.
async function refusal(gateway: GatewayContext, request: WireRequest, call?: Call): Promise<Answer | undefined> {
  if (!gateway.authorize || request.path.startsWith('/v20180820/')) return undefined;
  const asked = await gateway.upstream.forward(gateway.ministack(), request, {
    // MiniStack knows the action of its own services; the header names it for the others.
    'x-evenkeel-authorize-only': call ? iamActionOf(call) : 'unknown',
  });
  return asked.status === 204 ? undefined : asked;
}

async function askConfig(config: FakeConfig, account: string, region: string, call?: Call): Promise<Answer> {
  const requestId = randomUUID();
  try {
    if (!call) throw new ConfigError('InvalidAction', 'AWS Config does not have this operation.');
    const result = await answerConfig(config, config.stateOf(account, region), call.action, call.params);
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
  noteAnswer(entry, answer, requestId);
  entry.effect = effect;
  return { answer };
}

function noteAnswer(entry: CallRecord, answer: Answer, requestId: string): void {
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
