import { controls } from '../controls/index.ts';
import { type Config, checkConfig } from '../lib/config/config.ts';
import type { Credentials } from './accounts.ts';
import input from './config.ts';
import { type Deployment, deploy } from './deploy.ts';
import { startEmulators } from './emulators.ts';
import { type Gateway, startGateway } from './gateway/index.ts';
import { storesOf } from './inspector.ts';
import { releaseEverything } from './rollouts.ts';
import { makeDevelopers } from './users.ts';
import { managedVerdicts } from './verdicts.ts';

/** The options of a local AWS. */
export interface LocalAwsOptions {
  readonly port?: number;
  /** The scale of Wait states: 0.1 waits a tenth of their seconds. */
  readonly waitScale?: number;
  readonly logPrefix?: string;
  readonly onStep?: (line: string) => void;
}

/** A local AWS with the deployed stacks and IAM users. */
export interface LocalAws {
  readonly gateway: Gateway;
  readonly config: Config;
  /** The access keys of an ordinary IAM user, by account. */
  readonly developers: Readonly<Record<string, Credentials>>;
  readonly deployment: Deployment;
  stop(): Promise<void>;
}

/** The deployed config and exceptions file, as CDK context. */
const context = { config: 'sandbox/config.ts', exceptions: 'sandbox/exceptions.yaml' } as const;

/** Starts the local AWS and deploys the stacks. */
export async function startLocalAws({ port, waitScale, logPrefix, onStep }: LocalAwsOptions = {}): Promise<LocalAws> {
  const config = checkConfig(input, controls, context.config);
  const address = (): Emulators => {
    if (!emulators) throw new Error('The emulators have not started yet.');
    return emulators;
  };
  let emulators: Emulators | undefined;
  const gateway: Gateway = await startGateway({
    port,
    ministack: () => address().ministack,
    moto: () => address().moto,
    managedVerdict: managedVerdicts(config, () => gateway.url),
  });
  const gatewayUrl = new URL(gateway.url);
  const stop = async () => {
    await emulators?.stop();
    await gateway.stop();
  };
  try {
    emulators = await startEmulators({ gatewayUrl, waitScale, logPrefix });
    const developers = await makeDevelopers(gatewayUrl);
    const deployment = await deploy({ gatewayUrl, context, onStep, logPrefix });
    await releaseEverything(gatewayUrl, config, storesOf(deployment.outputs).table);
    return { gateway, config, developers, deployment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Emulators = Awaited<ReturnType<typeof startEmulators>>;
