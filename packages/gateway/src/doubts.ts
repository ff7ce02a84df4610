import type { Accounts, Hold } from '@asa/accounts';
import type { Logger } from 'pino';
import { isStoreUnavailable } from './errors.ts';

/**
 * Holds whose settlement failed while the database was away. Their answers were errors, so they must cost nothing: each is
 * undone (released, or refunded when its capture did arrive) as soon as the database answers again. A process that dies with
 * doubts leaves open holds, which the sweep releases.
 */
export interface Doubts {
  add(hold: Hold): void;
  /** Tries each once; answers how many are left. */
  settle(): Promise<number>;
  readonly size: () => number;
}

/** Keeps the doubts of one process. */
export function createDoubts(accounts: Accounts, log: Logger): Doubts {
  const holds = new Map<string, Hold>();
  let running: Promise<number> | null = null;
  const run = async (): Promise<number> => {
    for (const [id, hold] of holds) {
      try {
        await accounts.ledger.undo(hold);
        holds.delete(id);
        log.info({ request_id: hold.requestId }, 'a doubtful hold was undone');
      } catch (error) {
        log.warn({ err: error, request_id: hold.requestId }, 'a doubtful hold could not be undone yet');
        // The next one would meet the same absent database; all wait for the next round.
        if (isStoreUnavailable(error)) break;
      }
    }
    return holds.size;
  };
  return {
    add: (hold) => void holds.set(hold.requestId, hold),
    settle() {
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
    size: () => holds.size,
  };
}
