import { outputOf } from './answer.ts';
import type { Answer, Call, Caller } from './types.ts';
import type { Upstream } from './upstream.ts';
import { parseJson, record, text } from './values.ts';

/** The owners of access keys. */
export interface Identities {
  resolve(accessKey: string, region: string): Promise<Caller>;
  /** Learns the key that an answer issues. */
  learn(call: Call, answer: Answer): void;
}

interface Known {
  arn: string;
  userId: string;
  issuedAt?: number;
}

const UNKNOWN: Caller = { account: '000000000000', arn: '', session: '', identity: { type: 'Unknown' } };

/** Learns keys from answers, and asks MiniStack's plugin for the others, such as those of Lambda functions. */
export function openIdentities(upstream: Upstream, defaultAccount: string): Identities {
  const known = new Map<string, Caller>();
  return {
    async resolve(accessKey, region) {
      const root = accessKey === 'test' ? defaultAccount : /^\d{12}$/.test(accessKey) ? accessKey : undefined;
      if (root) return callerOf(accessKey, { arn: `arn:aws:iam::${root}:root`, userId: root });
      const learnt = known.get(accessKey);
      if (learnt) return learnt;
      const answered = await ask(upstream, accessKey, region);
      if (!answered) return { ...UNKNOWN, identity: { type: 'Unknown', accessKeyId: accessKey } };
      const caller = callerOf(accessKey, answered);
      known.set(accessKey, caller);
      return caller;
    },
    learn(call, answer) {
      const issued = issuedKey(call, answer);
      if (issued) known.set(issued.key, callerOf(issued.key, issued));
    },
  };
}

async function ask(upstream: Upstream, accessKey: string, region: string): Promise<Known | undefined> {
  const answer = await upstream.asRoot({
    account: UNKNOWN.account,
    region,
    scope: 'sts',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-evenkeel-identity-of': accessKey,
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  const { arn, userId, issuedAt } = record(parseJson(answer.body));
  if (answer.status !== 200 || typeof arn !== 'string' || !arn) return undefined;
  return { arn, userId: text(userId) ?? '', issuedAt: typeof issuedAt === 'number' ? issuedAt : undefined };
}

function issuedKey(call: Call, answer: Answer): (Known & { key: string }) | undefined {
  if (answer.status !== 200) return undefined;
  if (call.service === 'sts' && call.action.startsWith('AssumeRole')) {
    const { Credentials, AssumedRoleUser } = outputOf(call, answer);
    const key = text(record(Credentials).AccessKeyId);
    const { Arn, AssumedRoleId } = record(AssumedRoleUser);
    return key
      ? { key, arn: text(Arn) ?? '', userId: text(AssumedRoleId) ?? '', issuedAt: Date.now() / 1000 }
      : undefined;
  }
  return undefined;
}

function callerOf(accessKeyId: string, { arn, userId, issuedAt }: Known): Caller {
  const account = arn.split(':')[4] ?? '';
  const base = { principalId: userId, arn, accountId: account, accessKeyId };
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role && session) {
    const roleId = userId.split(':')[0] ?? '';
    const identity = {
      type: 'AssumedRole',
      ...base,
      principalId: `${roleId}:${session}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: roleId,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: {
          creationDate: new Date((issuedAt ?? Date.now() / 1000) * 1000).toISOString().replace(/\.\d+/, ''),
          mfaAuthenticated: 'false',
        },
      },
    };
    return { account, arn, session, identity };
  }
  const userName = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (userName) return { account, arn, session: userName, identity: { type: 'IAMUser', ...base, userName } };
  return { account, arn, session: 'root', identity: { type: 'Root', ...base } };
}
