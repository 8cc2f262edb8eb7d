import type { AdminApi } from './admin-api.ts';
import { type ManagedVerdict, openFakeConfig } from './config/fake-config.ts';
import { openFaults } from './faults.ts';
import { type GatewayContext, handle } from './handle.ts';
import { openIdentities } from './identity.ts';
import { openLog } from './log.ts';
import { modelsIn, openModels } from './models.ts';
import { rememberReads } from './previous.ts';
import { serve, urlOf } from './serve.ts';
import { deliver, type TrailSettings } from './trail.ts';
import { type AwsEvent, backdate, openUpstream, publish } from './upstream.ts';

/** How a gateway is started. */
export interface GatewayOptions {
  /** A free one is taken unless given. */
  port?: number;
  /** Asked at each call: the emulators may start after the gateway, whose address they need. */
  ministack: () => URL;
  moto: () => URL;
  /** AWS's verdict of a managed rule; without it no managed rule applies to anything. */
  managedVerdict?: ManagedVerdict;
  trail?: TrailSettings;
  /** Whether each account and region has a Config recorder from the start; it has unless said. */
  recording?: boolean;
  /** Whether MiniStack is asked for the caller's rights before a call goes to moto or Config; it is unless said. */
  authorize?: boolean;
  /** The account of the access key `test`. */
  defaultAccount?: string;
  /** The folder of botocore's service models; that of the sandbox's virtual environment unless given. */
  models?: string;
  /** The clock of Config's limits. */
  now?: () => number;
}

/** A running gateway. */
export interface Gateway extends AdminApi {
  url: string;
  stop(): Promise<void>;
}

/** Starts the gateway: one address for every AWS client, in front of the emulators. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const venv = new URL('../../.sandbox/venv', import.meta.url).pathname;
  const models = openModels(options.models ?? modelsIn(venv));
  const upstream = openUpstream(options.ministack);
  const log = openLog();
  const faults = openFaults();
  const { background, settled, count, unnamed, warnings } = openBackground();
  let trail: TrailSettings = options.trail ?? {};
  const send = (event: AwsEvent) => publish(upstream, event);

  const config = openFakeConfig({
    upstream,
    moto: options.moto,
    managedVerdict: options.managedVerdict ?? (async () => 'NOT_APPLICABLE'),
    recording: options.recording ?? true,
    publish: send,
    background,
    now: options.now ?? Date.now,
  });
  const parts: GatewayContext = {
    models,
    upstream,
    identities: openIdentities(upstream, options.defaultAccount ?? '000000000000'),
    log,
    faults,
    previous: rememberReads(),
    config,
    ministack: options.ministack,
    moto: options.moto,
    authorize: options.authorize ?? true,
    trail: (event) => deliver(event, trail, send),
    background,
    unnamed: (what) => count(unnamed, what),
  };
  const door: AdminApi = {
    calls: async (filter) => log.read(filter ?? {}),
    clearCalls: async () => log.clear(),
    inject: async (fault) => faults.inject(fault),
    faults: async () => faults.list(),
    clearFaults: async () => faults.clear(),
    emit: send,
    backdate: (key) => backdate(upstream, key),
    setTrail: async (settings) => {
      trail = settings;
    },
    settled,
    status: async () => ({
      parts: ['call log', 'faults', 'CloudTrail', 'AWS Config'],
      calls: log.count(),
      unnamed: Object.fromEntries(unnamed),
      warnings: Object.fromEntries(warnings),
    }),
  };
  const server = await serve(options.port ?? 0, door, (request, sourceIp) => handle(parts, request, sourceIp));
  return {
    ...door,
    url: urlOf(server),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      upstream.close();
    },
  };
}

/** Keeps track of work that no caller waits for, and counts what goes wrong in it. */
function openBackground() {
  const under = new Set<Promise<unknown>>();
  const unnamed = new Map<string, number>();
  const warnings = new Map<string, number>();
  const count = (where: Map<string, number>, what: string) => void where.set(what, (where.get(what) ?? 0) + 1);
  const background = (work: Promise<unknown>): void => {
    const kept = work
      .catch((error: unknown) => count(warnings, error instanceof Error ? error.message : String(error)))
      .finally(() => under.delete(kept));
    under.add(kept);
  };
  const settled = async (): Promise<void> => {
    while (under.size) await Promise.all(under);
  };
  return { background, settled, count, unnamed, warnings };
}
