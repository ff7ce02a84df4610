/** Who wants to hear of changes of a batch, in this process. */
export interface Watchers {
  readonly watch: (id: string, onChange: () => void) => () => void;
  readonly changed: (ids: readonly string[]) => void;
  readonly changedAll: () => void;
}

export function createWatchers(): Watchers {
  const byBatch = new Map<string, Set<() => void>>();
  const tell = (watchers: ReadonlySet<() => void> | undefined): void => {
    for (const onChange of watchers ?? []) onChange();
  };
  return {
    watch(id, onChange) {
      const watchers = byBatch.get(id) ?? new Set();
      byBatch.set(id, watchers.add(onChange));
      return () => {
        watchers.delete(onChange);
        if (watchers.size === 0 && byBatch.get(id) === watchers) byBatch.delete(id);
      };
    },
    changed: (ids) => {
      for (const id of ids) tell(byBatch.get(id));
    },
    changedAll: () => {
      for (const watchers of byBatch.values()) tell(watchers);
    },
  };
}
