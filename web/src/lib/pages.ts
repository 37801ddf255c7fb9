/** All pages of a list of the server, one after the other. `read` begins with the cursor "". */
export async function* pagesOf<Page extends { next_cursor?: string }>(read: (cursor: string) => Promise<Page>): AsyncGenerator<Page> {
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: Page = await read(cursor);
    yield page;
    cursor = page.next_cursor;
  }
}
