import { ADMIN_METHODS, type AdminApi } from './admin-api.ts';
import { ADMIN_PATH } from './serve.ts';

/** A client of a running gateway's admin API, for test workers and other processes. */
export function gatewayClient(url: string | URL): AdminApi {
  const ask = async (method: string, argument: unknown): Promise<unknown> => {
    const answer = await fetch(new URL(ADMIN_PATH + method, url), {
      method: 'POST',
      body: JSON.stringify(argument ?? null),
    });
    const body: unknown = await answer.json();
    if (answer.ok) return body;
    throw new Error(`The gateway failed ${method}: ${JSON.stringify(body)}`);
  };
  const methods = ADMIN_METHODS.map((method) => [method, (argument?: unknown) => ask(method, argument)]);
  return Object.fromEntries(methods) as AdminApi; // one method per name of the admin API
}
