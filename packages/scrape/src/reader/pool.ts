import { Piscina } from 'piscina';
import { ApiError } from '@asa/contract';
import { ownBuffer } from './own-buffer.ts';
import { UNREAD, type ReadResult, type ReadTask } from './task.ts';

/** The worker threads that read pages; the event loop of the server never holds one. */
export interface ReaderPool {
  /**
   * Reads a page. A page that keeps its thread longer than the limit is unreadable. Throws `capacity` when too many pages wait;
   * rejects when the signal aborts or the pool is closed.
   */
  read(task: ReadTask, signal: AbortSignal): Promise<ReadResult>;
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
    async read(task, signal) {
      const body = ownBuffer(task.body);
      const late = AbortSignal.timeout(timeoutMs);
      if (pool.queueSize >= maxQueue) {
        throw new ApiError('capacity', 'The request was not taken: too many pages wait to be read.', {
          retryAfterSeconds: 1,
        });
      }
      try {
        return await pool.run(
          { ...task, body },
          { transferList: [body.buffer], signal: AbortSignal.any([signal, late]) },
        );
      } catch (error) {
        if (!late.aborted || signal.aborted) throw error;
        return {
          ...UNREAD,
          verdict: 'unknown',
          judgeMs: timeoutMs,
          bug: `reading the page took longer than ${timeoutMs} ms`,
        };
      }
    },
    close: () => pool.destroy(),
  };
}
