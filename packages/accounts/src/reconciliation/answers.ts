import type { Store } from '@asa/store';
import { createBatch } from '../batch.ts';
import type { Context } from '../types.ts';

/**
 * What became of answers that were paid for. A capture with `answerDue` leaves a row that says that its answer is not known to have left;
 * it goes away a moment after the answer has left, in groups, without a caller waiting for it. What a process that died leaves behind is
 * what was on the wire then, and what had left in its last moment: the reconciliation report lists it.
 */
export interface Answers {
  /** `sent`: handed over whole to the system's network; otherwise the connection broke before. */
  note: (requestId: string, sent: boolean) => void;
  flush: () => Promise<void>;
  stop: () => void;
}

const FLUSH_MS = 100;
/** More than these are not kept while the database is away: their rows stay, and the report lists them. */
const MAX_NOTED = 100_000;

// These notes are worth no fsync: a machine that stops forgets that some answers had left, and the report lists more than it must.
const SENT = `
WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
DELETE FROM answers_due USING relaxed WHERE request_id = ANY($1::text[])`;
const CUT = 'UPDATE answers_due SET cut = true WHERE request_id = ANY($1::text[])';

export function createAnswers(store: Store, { log }: Pick<Context, 'log'>): Answers {
  const sent = new Set<string>();
  const cut = new Set<string>();
  const write = async (sql: string, ids: Set<string>): Promise<void> => {
    if (ids.size === 0) return;
    const group = [...ids];
    await store.query(sql, [group]);
    for (const id of group) ids.delete(id);
  };
  const batch = createBatch(
    FLUSH_MS,
    async () => {
      await write(SENT, sent);
      await write(CUT, cut);
    },
    (error) => log('Which answers have left could not be noted; it is tried again.', { error }),
  );
  return {
    note(requestId, wasSent) {
      if (sent.size + cut.size >= MAX_NOTED) return;
      (wasSent ? sent : cut).add(requestId);
      batch.poke();
    },
    flush: batch.flush,
    stop: batch.stop,
  };
}
