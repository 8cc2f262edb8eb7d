import { STS } from '@aws-sdk/client-sts';
import { type ClientSettings, type ServiceName, services } from '../../controls/services.ts';
import { names, SESSION_TAG } from '../../lib/config/names.ts';
import type { Clients, Control, Parameters, Place, Target } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/target.ts';

const sts = new STS({});

/** An assumed session: the clients of the controls, and the settings for clients of the engine. */
export interface Session {
  readonly clients: Clients;
  readonly client: ClientSettings;
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/**
 * Assumes the observer role of an account for the reads of controls and of the engine.
 * @param name the session name, which CloudTrail records; at most 64 characters
 */
export function observe(
  controls: Control | readonly Control[],
  place: Place,
  name: string,
  engine: readonly string[] = [],
): Promise<Session> {
  const all = [controls].flat();
  const actions = [...all.flatMap(({ observe }) => observe.actions), ...engine];
  const services = [...new Set(all.flatMap((control) => control.services))];
  return assume(names.observerRole, place, name, services, [allow([...new Set(actions)], '*')]);
}

/** Assumes the control's repair role. The session policy allows only its actions and, if the control has an ARN, the one target. */
export function repairAs(
  control: Control,
  target: Target,
  name: string,
  parameters: Parameters = {},
): Promise<Session> {
  if (!control.repair) throw new Error(`${control.id} detects violations only and has no repair role.`);
  return assume(names.repairRole(control.id), target, name, control.services, [
    allow(control.observe.actions, '*'),
    allow(control.repair.actions, arnsOf(control, target, parameters)),
  ]);
}

/** The ARNs that a repair of one target may touch. */
function arnsOf({ arn, repair }: Control, target: Target, parameters: Parameters): readonly string[] {
  return repair?.arns?.(target, parameters) ?? [arn === undefined ? '*' : interpolate(arn, target)];
}

const allow = (Action: readonly string[], Resource: string | readonly string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

async function assume(
  role: string,
  { account, region, partition }: Place,
  RoleSessionName: string,
  needed: readonly ServiceName[],
  Statement: readonly Statement[],
): Promise<Session> {
  const { Credentials } = await sts.assumeRole({
    RoleArn: `arn:${partition}:iam::${account}:role/${role}`,
    RoleSessionName,
    Tags: [{ Key: SESSION_TAG, Value: RoleSessionName }], // the trust of the roles demands it
    DurationSeconds: 900,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
    throw new Error(`STS returned no credentials for ${role} in ${account}.`);
  const client = {
    region,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  };
  return { client, clients: await clientsOf(needed, client) };
}

/** Loads the clients that a control uses. */
export async function clientsOf(needed: readonly ServiceName[], client: ClientSettings): Promise<Clients> {
  const loaded = await Promise.all(needed.map(async (name) => [name, await services[name].load(client)] as const));
  return Object.fromEntries(loaded) as Clients; // a control's type allows only the clients that it names
}
