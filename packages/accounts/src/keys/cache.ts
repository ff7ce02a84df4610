/** What was read lately, bounded in number and age. */
export interface Cache<T> {
  get: (key: string) => T | undefined;
  /**
   * Reads through: answers what is cached, or what `load` finds, which is then kept. Callers that ask at the same time share one load.
   * A `null` is not kept.
   */
  read: (key: string, load: () => Promise<T | null>) => Promise<T | null>;
  /** Whether somebody is loading it: `read` would share that load. */
  isLoading: (key: string) => boolean;
  /** Forgets everything, loads under way included: whoever asks from now on sees what is true from now on. */
  clear: () => void;
}

/**
 * @param ttlMs age at which an entry is no longer used, counted from before it was loaded.
 * @param now milliseconds; may jump.
 */
export function createCache<T>({ size, ttlMs, now }: { size: number; ttlMs: number; now: () => number }): Cache<T> {
  // A Map keeps the order of insertion: the first is the one that was used least recently.
  const entries = new Map<string, { value: T; at: number }>();
  let loads = new Map<string, Promise<T | null>>();

  const get = (key: string): T | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    const age = now() - entry.at;
    if (age < 0 || age >= ttlMs) return undefined;
    entries.set(key, entry);
    return entry.value;
  };
  const keep = (key: string, value: T, at: number): void => {
    entries.delete(key);
    entries.set(key, { value, at });
    const oldest = entries.keys().next();
    if (entries.size > size && !oldest.done) entries.delete(oldest.value);
  };
  const start = (key: string, load: () => Promise<T | null>): Promise<T | null> => {
    const mine = loads;
    const at = now();
    const loading = load()
      .then((value) => {
        // After a `clear` this may be what was true before it.
        if (value !== null && mine === loads) keep(key, value, at);
        return value;
      })
      .finally(() => mine.delete(key));
    mine.set(key, loading);
    return loading;
  };
  return {
    get,
    read: async (key, load) => get(key) ?? (await (loads.get(key) ?? start(key, load))),
    isLoading: (key) => loads.has(key),
    clear: () => {
      entries.clear();
      loads = new Map();
    },
  };
}
