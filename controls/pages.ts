/**
 * Yields every page of a list call.
 *
 * @param call makes the call with the token of the previous page
 * @param next returns the token of the next page; undefined on the last page
 */
export async function* pages<Page, Token>(
  call: (token: Token | undefined) => Promise<Page>,
  next: (page: Page) => Token | undefined,
): AsyncGenerator<Page> {
  let token: Token | undefined;
  do {
    const page = await call(token);
    yield page;
    token = next(page);
  } while (token);
}
