import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@asa/store';
import type { BatchHooks } from '../seam.ts';
import { writeEndings, type Ending, type Written } from './write.ts';

export interface EndingWriter {
  /** Takes an ending, to be written with the others that wait. */
  readonly add: (ending: Ending) => void;
  /** Endings that are not yet written. */
  readonly waiting: () => number;
  /** Resolves when nothing waits any more, or when it cannot be written now. */
  readonly flush: () => Promise<void>;
}

interface Options {
  readonly store: Store;
  readonly hooks: BatchHooks;
  readonly now: () => number;
  readonly log: (message: string, fields?: object) => void;
  readonly onWritten: (written: Written) => void;
  /** The try is in nobody's hands any more: its ending was written, or is given up. */
  readonly letGo: (claimId: string) => void;
}

const ENDINGS_AT_ONCE = 100;
const RETRY_MS = 500;
/** What ends so soon after goes along: each group is a transaction. */
const GATHER_MS = 20;

/** Writes endings in groups: while one group is on its way, the next one gathers. What cannot be written is tried again. */
export function createEndingWriter({ store, hooks, now, log, onWritten, letGo }: Options): EndingWriter {
  const waiting = new Set<Ending>();
  let working: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const write = async (group: readonly Ending[]): Promise<void> => {
    const written = await writeEndings(store, hooks, group, now());
    for (const ending of group) {
      waiting.delete(ending);
      letGo(ending.claimId);
    }
    onWritten(written);
  };
  const work = async (): Promise<void> => {
    try {
      await sleep(GATHER_MS);
      while (waiting.size > 0) {
        const group = [...waiting.values().take(ENDINGS_AT_ONCE)];
        try {
          await write(group);
        } catch (error) {
          log('Results of batch items could not be written.', { items: group.length, error });
          if (!(await oneByOne(group, error))) return;
        }
      }
    } finally {
      // With the last look at what waits, not a tick later: what is added in between would wait until something else ends.
      working = null;
    }
  };
  /** One of them cannot be stored; the others can. Answers whether there is a point in going on now. */
  const oneByOne = async (group: readonly Ending[], error: unknown): Promise<boolean> => {
    if (!isAboutData(error)) {
      timer = setTimeout(start, RETRY_MS).unref();
      return false;
    }
    for (const ending of group) {
      try {
        await write([ending]);
      } catch (cause) {
        if (!isAboutData(cause)) continue;
        waiting.delete(ending);
        if (ending.kind === 'result' && ending.error !== 'internal_error') waiting.add(unstorable(ending));
        else letGo(ending.claimId);
      }
    }
    return true;
  };
  const start = (): void => {
    clearTimeout(timer);
    working ??= work();
  };
  return {
    add(ending) {
      waiting.add(ending);
      start();
    },
    waiting: () => waiting.size,
    async flush() {
      if (waiting.size > 0) start();
      await working;
    },
  };
}

/** What is answered instead of a result that the database refuses; nothing that was paid for comes here, for it was kept before. */
const unstorable = (ending: Ending & { kind: 'result' }): Ending => ({
  ...ending,
  httpStatus: 500,
  error: 'internal_error',
  message: 'The result could not be stored. It was logged under this request id.',
  data: null,
});

/** PostgreSQL's classes of errors that a value causes, not the database's state. */
const isAboutData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:22|23|54)/.test(error.code);
