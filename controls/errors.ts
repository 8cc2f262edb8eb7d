/** Runs a read, and answers `undefined` when AWS says by one of the named errors that there is nothing to read. */
export async function ignoreNotFound<T>(
  names: string | readonly string[],
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && (typeof names === 'string' ? names === error.name : names.includes(error.name)))
      return undefined;
    throw error;
  }
}
