import type { HubAddress } from './hub-address.ts';

/** The hub's API refused a request and changed nothing; the message says why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** The hub's API, called with the current AWS credentials. */
export interface Api {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  delete(path: string, body: object): Promise<unknown>;
}

/**
 * Opens the hub's API.
 * @throws RefusedError if the API refuses a request, Error if it cannot be reached or fails
 */
export async function openApi({ endpoint, region }: HubAddress): Promise<Api> {
  const base = new URL(endpoint);
  const signer = await signerFor(region);
  const call = async (method: string, path: string, body?: string): Promise<unknown> => {
    const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body,
    });
    return read(await fetch(url, { method, headers, body }).catch(unreachable(url)));
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    delete: (path, body) => call('DELETE', path, JSON.stringify(body)),
  };
}

/** Loads the signer on demand, so that a usage error appears at once. */
async function signerFor(region: string) {
  const [{ SignatureV4 }, { defaultProvider }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-sdk/credential-provider-node'),
    import('@aws-crypto/sha256-js'),
  ]);
  return new SignatureV4({ service: 'execute-api', region, credentials: defaultProvider(), sha256: Sha256 });
}

/** Only the cause of an error of `fetch` says what failed. */
const unreachable = (url: URL) => (error: Error) => {
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code = cause.message } = cause as Error & { readonly code?: string }; // most network errors of Node have one
  throw new Error(
    `The hub's API at ${url.origin} cannot be reached (${code}). Set --api or EVENKEEL_API to the hub stack's output DecisionApi.`,
    { cause: error },
  );
};

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok) return body;
  if (typeof body === 'object' && body !== null && 'refused' in body) throw new RefusedError(String(body.refused));
  if (response.status === 403)
    throw new RefusedError('IAM denied the request. You need execute-api:Invoke on this method and path of the API.');
  throw new Error(`The hub's API returned status ${response.status}: ${text.slice(0, 300)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy in between may answer in another format
  }
}
