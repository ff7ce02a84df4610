/**
 * Does the work for each item with at most `width` at a time, taking items only as places become free. The first failure ends it, at once when
 * nothing else is running: it does not wait for another item, which may never come.
 */
export async function pool<T>(items: AsyncIterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  let fail = (): void => undefined;
  const failed = new Promise<null>((resolve) => {
    fail = () => resolve(null);
  });
  const source = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([source.next(), failed]);
    if (next === null || next.done === true) break;
    const task: Promise<void> = work(next.value)
      .catch((error: unknown) => {
        failure ??= { error };
        fail();
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= width) await Promise.race(running);
  }
  // Not waited for: it ends only when the item that it is reading has come.
  if (failure !== null) source.return?.().catch(() => undefined);
  await Promise.all(running);
  const ended = failure as { readonly error: unknown } | null;
  if (ended !== null) throw ended.error;
}
