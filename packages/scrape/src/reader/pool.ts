import { Piscina } from 'piscina';
import { decodeBody } from '@asa/egress/decode';
import { createBacklog, type Backlog } from './backlog.ts';
import { ownBuffer } from './own-buffer.ts';
import { createSlots } from './slots.ts';
import { UNREAD, type ReadResult, type ReadTask } from './task.ts';

/** The worker threads that read pages; the event loop of the server never holds one. */
export interface ReaderPool {
  /**
   * Reads a page. One that keeps its thread longer than the limit is unreadable. Throws `capacity` when too many pages
   * wait; rejects when the signal aborts before its turn, or the pool is closed. A reading that has begun is finished
   * even when nobody waits for it any more: to stop it would cost the thread.
   */
  read(task: ReadTask, signal: AbortSignal): Promise<ReadResult>;
  /** The same for work that nobody waits for: every other page goes first, and the wait may be longer. */
  readonly patient: Pick<ReaderPool, 'read' | 'backlog'>;
  /** What is under way to the threads. */
  readonly backlog: Backlog;
  close(): Promise<void>;
}

interface PoolOptions {
  readonly threads: number;
  /** Pages that may wait; more are refused. */
  readonly maxWaiting: number;
  /** Bytes of the pages that may wait, as received. */
  readonly maxWaitingBytes: number;
  /** Time a page may wait, in ms. */
  readonly maxWaitMs: number;
  /** Time a page may wait that nobody waits for, in ms. Default: the same. */
  readonly maxPatienceMs?: number;
  /** A page that keeps a thread longer than this is given up and its thread replaced, in ms. */
  readonly timeoutMs: number;
  /** For the log: what went wrong between the threads. */
  readonly onError: (message: string) => void;
}

/**
 * Memory of a thread's heap, in MB. Left to itself the engine lets garbage of hundreds of megabytes gather; a page makes
 * a few. The second bounds what a page made to be large can take: the thread ends, not the server.
 */
export const READER_MEMORY = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 768 } as const;

/** Starts the threads. */
export function createReaderPool({ threads, timeoutMs, onError, ...line }: PoolOptions): ReaderPool {
  const backlog = createBacklog({ threads, now: () => performance.now() });
  const slots = createSlots({ running: threads, ...line });
  const pool = new Piscina<ReadTask, ReadResult>({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: READER_MEMORY,
    // Settings and secrets of the server's environment are none of a page's business.
    env: {},
  });
  // Without a listener it would end the process. Its text shows the page: only the beginning is for a log.
  pool.on('error', (error: unknown) => onError(String(error).slice(0, 200)));

  const reader = (isPatient: boolean): Pick<ReaderPool, 'read'> => ({
    async read(task, signal) {
      const leave = await slots.take(task.body.byteLength, signal, isPatient);
      const since = performance.now();
      // The body goes to the thread; the copy is for the ticket of a page that never comes back from there.
      const kept = task.body.slice();
      const body = ownBuffer(task.body);
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), timeoutMs);
      try {
        return await pool.run({ ...task, body }, { transferList: [body.buffer], signal: late.signal });
      } catch (error) {
        if (!late.signal.aborted) throw error;
        const decoded = decodeBody(kept, task.contentEncoding, task.maxBytes);
        const bug = `reading the page took longer than ${timeoutMs} ms`;
        return { ...UNREAD, verdict: 'unknown', judgeMs: timeoutMs, bug, page: decoded.ok ? decoded.body : null };
      } finally {
        clearTimeout(timer);
        backlog.read(performance.now() - since);
        leave();
      }
    },
  });
  // Whoever asks now goes before what is patient, and so does not wait for it.
  const unseen: Backlog = { ...backlog, expect: () => ({ arrived() {}, over() {} }) };
  const patient = { ...reader(true), backlog: unseen };
  return { ...reader(false), backlog, patient, close: () => pool.destroy() };
}
