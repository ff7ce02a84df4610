/** Does the work for each item with at most `width` at a time, taking items only as places become free. The first failure ends it. */
export async function pool<T>(items: AsyncIterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  for await (const item of items) {
    if (failure !== null) break;
    const task: Promise<void> = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= width) await Promise.race(running);
  }
  await Promise.all(running);
  const ended = failure as { readonly error: unknown } | null;
  if (ended !== null) throw ended.error;
}
