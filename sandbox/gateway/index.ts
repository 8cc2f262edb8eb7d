import type { AdminApi } from './admin-api.ts';
import { type ManagedVerdict, openFakeConfig } from './config/fake-config.ts';
import { openFaults } from './faults.ts';
import { type GatewayContext, handle } from './handle.ts';
import { openIdentities } from './identity.ts';
import { openLog } from './log.ts';
import { modelsIn, openModels, sitePackagesOf } from './models.ts';
import { rememberReads } from './previous.ts';
import { ministackServices, routerFor } from './routes.ts';
import { serve, urlOf } from './serve.ts';
import { deliver } from './trail.ts';
import type { AwsEvent, TrailSettings } from './types.ts';
import { backdate, openUpstream, publish } from './upstream.ts';

/** The options of a gateway. */
export interface GatewayOptions {
  /** Default: a free port. */
  port?: number;
  /** A function, because the emulators start after the gateway, whose address they need. */
  ministack: () => URL;
  moto: () => URL;
  /** AWS's verdict of a managed rule. Default: no managed rule applies to any resource. */
  managedVerdict?: ManagedVerdict;
  trail?: TrailSettings;
  /** Whether each account and region has an AWS Config recorder from the start. Default: true. */
  recording?: boolean;
  /** Whether MiniStack authorizes calls that go to moto or to the fake AWS Config. Default: true. */
  authorize?: boolean;
  /** The account of the access key `test`. */
  defaultAccount?: string;
  /** The folder of botocore's service models. Default: that of the sandbox's virtual environment. */
  models?: string;
  /** The clock of AWS Config's limits. */
  now?: () => number;
}

/** A running gateway. */
export interface Gateway extends AdminApi {
  url: string;
  stop(): Promise<void>;
}

/** Starts the gateway: one address for all AWS clients, in front of the emulators. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const venv = new URL('../../.sandbox/venv', import.meta.url).pathname;
  const models = openModels(options.models ?? modelsIn(venv));
  const route = routerFor(ministackServices(sitePackagesOf(venv)));
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
  const context: GatewayContext = {
    models,
    upstream,
    identities: openIdentities(upstream, options.defaultAccount ?? '000000000000'),
    log,
    faults,
    previous: rememberReads(),
    config,
    route,
    ministack: options.ministack,
    moto: options.moto,
    authorize: options.authorize ?? true,
    trail: (event) => deliver(event, trail, send),
    background,
    unnamed: (what) => count(unnamed, what),
  };
  const admin: AdminApi = {
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
  const server = await serve(options.port ?? 0, admin, (request, sourceIp) => handle(context, request, sourceIp));
  return {
    ...admin,
    url: urlOf(server),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      upstream.close();
    },
  };
}

/** Tracks background work and counts its failures. */
function openBackground() {
  const running = new Set<Promise<unknown>>();
  const unnamed = new Map<string, number>();
  const warnings = new Map<string, number>();
  const count = (where: Map<string, number>, what: string) => void where.set(what, (where.get(what) ?? 0) + 1);
  const background = (work: Promise<unknown>): void => {
    const kept = work
      .catch((error: unknown) => count(warnings, error instanceof Error ? error.message : String(error)))
      .finally(() => running.delete(kept));
    running.add(kept);
  };
  const settled = async (): Promise<void> => {
    while (running.size) await Promise.all(running);
  };
  return { background, settled, count, unnamed, warnings };
}
