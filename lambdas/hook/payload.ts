/** Far above two templates of 1 MB as JSON strings and the resource list of a change set. */
const LIMIT = 16 * 1024 * 1024;

/** Fetches the payload that CloudFormation stored for the hook, with one retry. */
export async function fetchPayload(url: string, signal: AbortSignal): Promise<string> {
  try {
    return await attempt(url, signal);
  } catch (error) {
    if (signal.aborted || error instanceof TooLarge) throw error;
    return attempt(url, signal);
  }
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

async function attempt(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: 'error' });
  if (!response.ok) throw new Error(`The payload could not be fetched: S3 returned status ${response.status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LIMIT) throw new TooLarge(`The payload has more than ${LIMIT} bytes. A template is at most 1 MB.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
