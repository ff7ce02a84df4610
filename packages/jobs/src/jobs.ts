import type { BatchSummary, ListPage, ListQuery } from '@asa/contract';
import type { Store } from '@asa/store';
import { cancelBatch } from './batches/cancel.ts';
import { findMade, makeBatch, type Made, type Making } from './batches/create.ts';
import { readDepth, type Depth } from './batches/depth.ts';
import { purgeBatches } from './batches/purge.ts';
import { listBatches, readBatch, readEvents, readResults, type ItemEvent } from './batches/read.ts';
import { createDispatcher } from './items/dispatcher.ts';
import { CHANNEL } from './items/write.ts';
import type { BatchHooks } from './seam.ts';
import type { ItemRunner } from './types.ts';
import { createWatchers } from './watchers.ts';

export interface JobsOptions {
  readonly store: Store;
  readonly runner: ItemRunner;
  readonly hooks: BatchHooks;
  /** Items of this process at work at once. */
  readonly concurrency: number;
  /** Whether the process may take on work now; asked before every claim. */
  readonly mayStart: () => boolean;
  readonly newRequestId: () => string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly log?: (message: string, fields?: object) => void;
}

/** Batches (contract section 8). Throws `ApiError`; anything else is a bug or the database. */
export interface Jobs {
  /** What an earlier request with the same `Idempotency-Key` and body made; null when there is none. @throws ApiError `invalid_params` */
  readonly find: (making: Omit<Making, 'webhookSecret'>) => Promise<Made | null>;
  /** Makes a batch, durable when it resolves. @throws ApiError `invalid_params`, `rate_limited` */
  readonly make: (making: Making) => Promise<Made>;
  /** @throws ApiError `not_found` */
  readonly read: (id: string, workspaceId: string) => Promise<BatchSummary>;
  /** Newest first. @throws ApiError `invalid_params` for a bad cursor */
  readonly list: (workspaceId: string, query: ListQuery) => Promise<ListPage<BatchSummary>>;
  /** The results so far, or the first so many to finish, each as JSON text, in item order. */
  readonly results: (id: string, upTo?: number) => AsyncGenerator<string>;
  /** Items that finished after the one with this number. */
  readonly events: (id: string, after: number, limit: number) => Promise<ItemEvent[]>;
  /** Calls whenever something happened to the batch, on whatever node; now and then for nothing. Answers the function that ends it. */
  readonly watch: (id: string, onChange: () => void) => () => void;
  /** Cancels what has not started. @throws ApiError `not_found` */
  readonly cancel: (id: string, workspaceId: string) => Promise<BatchSummary>;
  readonly depth: () => Promise<Depth>;
  /** Items of this process at work. */
  readonly atWork: () => number;
  /** Deletes batches that ended more than so many days ago. */
  readonly purge: (days: number) => Promise<number>;
  /** Begins to work; before that items are only taken in. */
  readonly start: () => void;
  /** Stops taking on work, lets items finish for so long, and gives the rest back. Idempotent. */
  readonly close: (drainMs: number) => Promise<void>;
}

export function createJobs(options: JobsOptions): Jobs {
  const { store, hooks, runner, concurrency, mayStart, newRequestId } = options;
  const now = options.now ?? Date.now;
  const log = options.log ?? (() => {});
  const watchers = createWatchers();
  const dispatcher = createDispatcher({
    store,
    runner,
    hooks,
    concurrency,
    mayStart,
    newRequestId,
    now,
    log,
    onWritten: ({ batches }) => watchers.changed(batches),
  });
  const hear = (payload: string): void => {
    if (payload === '') watchers.changedAll();
    else watchers.changed([payload]);
    dispatcher.wake();
  };
  let listening: { end: () => Promise<void> } | null = null;
  return {
    find: (making) => findMade(store, making, now()),
    async make(making) {
      const made = await makeBatch(store, making, now());
      dispatcher.wake();
      return made;
    },
    read: (id, workspaceId) => readBatch(store, id, workspaceId),
    list: (workspaceId, query) => listBatches(store, workspaceId, query),
    results: (id, upTo) => readResults(store, id, upTo),
    events: (id, after, limit) => readEvents(store, id, after, limit),
    watch: watchers.watch,
    async cancel(id, workspaceId) {
      const batch = await cancelBatch(store, hooks, { id, workspaceId, now: now() });
      watchers.changed([id]);
      return batch;
    },
    depth: () => readDepth(store),
    atWork: dispatcher.atWork,
    purge: (days) => purgeBatches(store, days, now()),
    start() {
      listening = store.listen(CHANNEL, hear);
      dispatcher.start();
    },
    async close(drainMs) {
      await dispatcher.stop(drainMs);
      await listening?.end();
      listening = null;
    },
  };
}
