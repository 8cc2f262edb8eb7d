import { STS } from '@aws-sdk/client-sts';
import { type ClientSettings, type ServiceName, services } from '../../controls/services.ts';
import { names } from '../../lib/config/names.ts';
import type { Clients, Control, Parameters, Place, Target } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/target.ts';

const sts = new STS({});

/** What one assumed session gives: a control's clients, and the settings for a client of the engine's own. */
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
 * Assumes the observer role of an account for one control's reads and the engine's own.
 * @param name the session's name, by which CloudTrail leads to the execution; at most 64 characters
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

/** Assumes the control's repair role, cut down to its actions and, where the control has an ARN, to the one target. */
export function repairAs(
  control: Control,
  target: Target,
  name: string,
  parameters: Parameters = {},
): Promise<Session> {
  if (!control.repair) throw new Error(`${control.id} only detects; it has no repair role.`);
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
  uses: readonly ServiceName[],
  Statement: readonly Statement[],
): Promise<Session> {
  const { Credentials } = await sts.assumeRole({
    RoleArn: `arn:${partition}:iam::${account}:role/${role}`,
    RoleSessionName,
    DurationSeconds: 900,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
    throw new Error(`STS gave no credentials for ${role} in ${account}.`);
  const client = {
    region,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  };
  return { client, clients: await clientsOf(uses, client) };
}

/** Loads the clients that a control uses. */
export async function clientsOf(uses: readonly ServiceName[], client: ClientSettings): Promise<Clients> {
  const loaded = await Promise.all(uses.map(async (name) => [name, await services[name].load(client)] as const));
  return Object.fromEntries(loaded) as Clients; // holds only what `uses` names; the control's own type asks for no more
}
