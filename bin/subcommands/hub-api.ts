import { UsageError } from './subcommand.ts';

/** The hub's API turned a request down; the message says why, and nothing was changed. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Asks the hub's API in the name of whoever's AWS credentials are in use. */
export interface Api {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  delete(path: string, body: object): Promise<unknown>;
}

/** Where the hub's API is. */
export interface HubAddress {
  readonly endpoint: string;
  readonly region: string;
}

/**
 * Where the hub's API is, by the options of a command or else the environment.
 * @param option the one that names the region
 */
export function addressOf(api: string | undefined, region: string | undefined, option: string): HubAddress {
  const { EVENKEEL_API, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const address = { endpoint: api ?? EVENKEEL_API, region: region ?? AWS_REGION ?? AWS_DEFAULT_REGION };
  if (!address.endpoint || !URL.canParse(address.endpoint))
    throw new UsageError("say where the hub's API is, with --api or EVENKEEL_API: the hub stack's output DecisionApi.");
  if (!address.region) throw new UsageError(`say the hub's region, with ${option} or AWS_REGION.`);
  return { endpoint: address.endpoint, region: address.region };
}

/**
 * Opens the hub's API.
 * @throws Refused where the API answers that it will not; an Error where no answer came
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
    return read(await fetch(url, { method, headers, body }).catch(unreached(url)));
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    delete: (path, body) => call('DELETE', path, JSON.stringify(body)),
  };
}

/** Loaded on demand, so that a mistake in the arguments is told at once. */
async function signerFor(region: string) {
  const [{ SignatureV4 }, { defaultProvider }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-sdk/credential-provider-node'),
    import('@aws-crypto/sha256-js'),
  ]);
  return new SignatureV4({ service: 'execute-api', region, credentials: defaultProvider(), sha256: Sha256 });
}

/** `fetch` says that it failed, and only its cause says how. */
const unreached = (url: URL) => (error: Error) => {
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code = cause.message } = cause as Error & { readonly code?: string }; // most errors of Node's network have one
  throw new Error(
    `The hub's API at ${url.origin} cannot be reached (${code}): see that --api or EVENKEEL_API is the hub stack's output DecisionApi.`,
  );
};

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer;
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw new Refused(String(answer.refused));
  if (response.status === 403)
    throw new Refused('IAM does not let you: ask for execute-api:Invoke on this method and path of the API.');
  throw new Error(`The hub's API answered ${response.status}: ${text.slice(0, 300)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whatever stands between may answer in words of its own
  }
}
