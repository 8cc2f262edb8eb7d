/** Two templates of 1 MB as JSON strings, and a change set's list of resources, stay far below it. */
const LIMIT = 16 * 1024 * 1024;

/** Fetches what CloudFormation has laid down for the hook; asks once more where the first attempt fails. */
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
  if (!response.ok) throw new Error(`The payload could not be fetched: S3 answers ${response.status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LIMIT) throw new TooLarge(`The payload is larger than ${LIMIT} bytes, which no template can explain.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
