/** Runs a read and returns `undefined` if AWS responds with one of the named errors. */
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
