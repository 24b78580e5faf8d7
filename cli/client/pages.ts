/** A page of a list, and what names the next one. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

/** The pages of a list, one after the other. */
export async function* readPages<T>(
  ask: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  let cursor: string | undefined;
  do {
    const { items, next } = await ask(cursor);
    yield items;
    cursor = next;
  } while (cursor !== undefined);
}

/** Everything on the pages of a list. */
export async function collectPages<T>(ask: Parameters<typeof readPages<T>>[0]): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const items of readPages(ask)) all.push(...items);
  return all;
}
