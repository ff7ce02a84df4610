/** What is being served, for a shutdown that waits for it. */
export interface Drain {
  /** Something begins; answers the function that ends it. */
  readonly begin: () => () => void;
  /** Resolves when nothing is left. */
  readonly idle: () => Promise<void>;
}

export function createDrain(): Drain {
  let open = 0;
  let waiting: (() => void)[] = [];
  return {
    begin() {
      open += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        open -= 1;
        if (open > 0) return;
        for (const go of waiting) go();
        waiting = [];
      };
    },
    idle: () => (open === 0 ? Promise.resolve() : new Promise((go) => waiting.push(go))),
  };
}
