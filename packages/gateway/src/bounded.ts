/** What came of a bounded wait. */
export type Bounded<T> = { readonly in: 'time'; readonly value: T } | { readonly in: 'vain' };

/** Waits for a promise, but not longer than this. Leaves no timer behind. What comes later is the promise's own business. */
export async function atMost<T>(ms: number, promise: Promise<T>): Promise<Bounded<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Bounded<T>>((resolve) => {
    timer = setTimeout(() => resolve({ in: 'vain' }), ms);
  });
  try {
    return await Promise.race([promise.then((value): Bounded<T> => ({ in: 'time', value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
