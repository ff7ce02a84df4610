import { ApiError } from '@asa/contract';
import { deleteInParts, type Store } from '@asa/store';
import { putEvents } from './queue.ts';
import { newSecret } from './signature.ts';

/** After an exchange the old secret goes on signing beside the new one for so long. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** An event about a workspace. */
export interface AlertEvent {
  readonly workspaceId: string;
  /** Name of the event, for example `budget.reached`; the `X-ASA-Event` header. */
  readonly event: string;
  /** What makes this event one: the same again is not sent again. For example the key, the month and the threshold. */
  readonly subject: string;
  /** Sent as JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface AlertTarget {
  readonly url: string;
  readonly createdAt: number;
}

/** Where a workspace is told about itself: one address, signed and retried as the events of batches are. */
export interface Alerts {
  /**
   * Sets the address, and answers the secret, which is shown only here. The address alone changes when there is one already; its secret then stays, and null is answered.
   * @throws ApiError `invalid_params` for an address that events may not be sent to
   */
  readonly set: (workspaceId: string, url: string) => Promise<{ readonly secret: string | null }>;
  readonly get: (workspaceId: string) => Promise<AlertTarget | null>;
  /** A new secret; for a day events are signed with the old one, too. @throws ApiError `not_found` when there is no address */
  readonly exchangeSecret: (workspaceId: string) => Promise<{ readonly secret: string }>;
  /** No more alerts; those that wait are dropped. */
  readonly remove: (workspaceId: string) => Promise<void>;
  /** Stores an event, to be sent at once; durable when it resolves. False: the workspace has no address for alerts. */
  readonly send: (event: AlertEvent) => Promise<boolean>;
  /** Deletes what was sent, or given up, of alerts that are more than so many days old, with its attempts. Answers how many. */
  readonly purge: (days: number) => Promise<number>;
}

interface Options {
  readonly store: Store;
  readonly now: () => number;
  readonly checkUrl: (url: string, name: string) => void;
  readonly newId: () => string;
  readonly wake: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const EVENTS_AT_ONCE = 500;
const OF_WORKSPACE = 'workspace_id = $1 AND batch_id IS NULL';

export function createAlerts({ store, now, checkUrl, newId, wake }: Options): Alerts {
  return {
    async set(workspaceId, url) {
      checkUrl(url, 'url');
      const secret = newSecret();
      const [row] = await store.query<{ secret: string }>(
        `INSERT INTO webhook_endpoints (id, workspace_id, url, secret, created_at) VALUES ($2, $1, $3, $4, $5)
         ON CONFLICT (workspace_id) WHERE batch_id IS NULL DO UPDATE SET url = excluded.url RETURNING secret`,
        [workspaceId, newId(), url, secret, new Date(now())],
      );
      return { secret: row?.secret === secret ? secret : null };
    },
    async get(workspaceId) {
      const [row] = await store.query<{ url: string; created_at: Date }>(
        `SELECT url, created_at FROM webhook_endpoints WHERE ${OF_WORKSPACE}`,
        [workspaceId],
      );
      return row === undefined ? null : { url: row.url, createdAt: row.created_at.getTime() };
    },
    async exchangeSecret(workspaceId) {
      const secret = newSecret();
      const rows = await store.query<{ id: string }>(
        `UPDATE webhook_endpoints SET old_secret = secret, old_secret_until = $3, secret = $2 WHERE ${OF_WORKSPACE} RETURNING id`,
        [workspaceId, secret, new Date(now() + OLD_SECRET_MS)],
      );
      if (rows.length === 0) throw new ApiError('not_found', 'The workspace has no address for alerts.');
      return { secret };
    },
    async remove(workspaceId) {
      await store.query(`DELETE FROM webhook_endpoints WHERE ${OF_WORKSPACE}`, [workspaceId]);
    },
    async send({ workspaceId, event, subject, payload }) {
      const time = now();
      const body = JSON.stringify({
        event,
        workspace: workspaceId,
        created_at: new Date(time).toISOString(),
        ...payload,
      });
      const isWanted = await store.transaction(async (tx) => {
        // Held, so that it is not removed while the event is stored.
        const [target] = await tx.query<{ id: string; url: string }>(
          `SELECT id, url FROM webhook_endpoints WHERE ${OF_WORKSPACE} FOR KEY SHARE`,
          [workspaceId],
        );
        if (target === undefined) return false;
        await putEvents(tx, { ...target, workspaceId }, [{ event, subject, body }], time);
        return true;
      });
      void wake();
      return isWanted;
    },
    // Those of batches go with their batch.
    purge: (days) =>
      deleteInParts(
        store,
        `DELETE FROM webhook_messages WHERE id IN (
           SELECT m.id FROM webhook_endpoints e JOIN webhook_messages m ON m.endpoint_id = e.id
            WHERE e.batch_id IS NULL AND m.state <> 'pending' AND m.created_at < $1 LIMIT ${EVENTS_AT_ONCE})`,
        [new Date(now() - days * DAY_MS)],
        EVENTS_AT_ONCE,
      ),
  };
}
