import { Piscina } from 'piscina';
import { ownBuffer } from './own-buffer.ts';
import type { ReadResult, ReadTask } from './task.ts';

/** The worker threads that read pages; the event loop of the server never holds one. */
export interface ReaderPool {
  /** Reads a page. Rejects when the pool is closed, its queue is full or the reading took longer than the limit. */
  read(task: ReadTask): Promise<ReadResult>;
  close(): Promise<void>;
}

interface PoolOptions {
  readonly threads: number;
  /** Pages that may wait; more are refused. */
  readonly maxQueue: number;
  /** A page that keeps a thread longer than this is given up and its thread replaced, in ms. */
  readonly timeoutMs: number;
}

export function createReaderPool({ threads, maxQueue, timeoutMs }: PoolOptions): ReaderPool {
  const pool = new Piscina<ReadTask, ReadResult>({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    maxQueue,
    // Settings and secrets of the server's environment are none of a page's business.
    env: {},
  });
  return {
    read(task) {
      const body = ownBuffer(task.body);
      return pool.run({ ...task, body }, { transferList: [body.buffer], signal: AbortSignal.timeout(timeoutMs) });
    },
    close: () => pool.destroy(),
  };
}
