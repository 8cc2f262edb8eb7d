import { services } from '../../controls/services.ts';
import { iamPrefix } from '../../sandbox/cost.ts';
import type { CallRecord } from '../../sandbox/gateway/log.ts';
import { localAws } from './local-aws.ts';

/** The IAM action behind an API call, as the table of services says. */
export function actionOf({ service, action }: CallRecord): string {
  const found = Object.values(services).find(({ iam }) => iam === service);
  const renamed: { readonly [operation: string]: string } = found && 'actions' in found ? found.actions : {};
  return `${iamPrefix(service)}:${renamed[action] ?? action}`;
}

/** The IAM actions behind calls, each once, sorted. */
export const actionsOf = (calls: readonly CallRecord[]): string[] => [...new Set(calls.map(actionOf))].sort();

/** Runs something and answers the calls that an account's caller made meanwhile. */
export async function callsDuring(
  account: string,
  session: string,
  act: () => Promise<unknown>,
): Promise<CallRecord[]> {
  const { seq: since = 0 } = (await localAws.gateway.calls()).at(-1) ?? {};
  await act();
  return localAws.gateway.calls({ since, account, session });
}
