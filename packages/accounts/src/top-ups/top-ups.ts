import {
  decodeCursor,
  encodeCursor,
  listPage,
  type AutoTopUp,
  type AutoTopUpState,
  type ListPage,
  type ListQuery,
  type TopUp,
} from '@asa/contract';
import type { Store } from '@asa/store';
import { checkWorkspace, newId } from '../ids.ts';
import { readBalance } from '../ledger/open-balance.ts';
import type { Context } from '../types.ts';
import type { PaymentProvider } from './provider.ts';
import { boughtInMonth, decideTopUp, openTopUp, toTopUp, type Decided, type TopUpRow } from './rows.ts';

/** Whether a request may try to hold its credits again; if not, why, as a sentence without its end. */
export type Ensured = { readonly status: 'enough' } | { readonly status: 'refused'; readonly why: string };

/**
 * Automatic top-ups. A top-up is a row that is opened before the provider is asked and ends in one transaction with its credits; what a
 * crash, a silence or a late answer leaves open is ended by asking the provider again, or by its webhook. Never twice, never lost.
 */
export interface TopUps {
  /** Sees to it that so many credits can be spent, or says why not. Takes `WAIT_MS` at most. */
  ensure: (workspaceId: string, needed: number) => Promise<Ensured>;
  /** The balance is below the threshold: buys a pack in the background, unless there is a reason not to. */
  poke: (workspaceId: string) => void;
  /** A webhook of the provider. May come any number of times. @throws WebhookRefused */
  webhook: (body: Uint8Array, headers: Readonly<Record<string, unknown>>) => Promise<Decided>;
  /** Asks the provider about top-ups that have been open for a while. Answers how many ended. */
  recover: () => Promise<number>;
  /** Newest first. @throws ApiError `not_found`, `invalid_params` for a bad cursor */
  list: (workspaceId: string, query: ListQuery) => Promise<ListPage<TopUp>>;
  state: (workspaceId: string, terms: AutoTopUp) => Promise<AutoTopUpState>;
  readonly provider: string;
  /** Waits for what is under way. */
  settled: () => Promise<void>;
  /** Waits for no provider any more: what is open is found by `recover`, of any process. */
  close: () => Promise<void>;
}

/** How long a request waits for a payment. */
const WAIT_MS = 8000;
/** How long the provider has for its answer; what comes later is found by `recover`. */
const CHARGE_MS = 20_000;
const LOOK_EVERY_MS = 100;
/** After this the process that asked is taken for gone. */
const RECOVER_AFTER_MS = 30_000;
/** A charge that the provider does not know and that is not wanted any more is given up after this. */
const GIVE_UP_MS = 600_000;
const AT_ONCE = 50;
/** After a refusal the threshold is left alone for so long: it would be reached by every request. */
const QUIET_MS = 10_000;
const QUIET_WORKSPACES = 10_000;
const LIST = 'top-ups';

export interface TopUpsOptions {
  readonly store: Store;
  readonly context: Context;
  readonly provider: PaymentProvider;
  /** For tests: `WAIT_MS` and `CHARGE_MS`. */
  readonly waitMs?: number | undefined;
  readonly chargeMs?: number | undefined;
}

export function createTopUps(options: TopUpsOptions): TopUps {
  const { store, provider, waitMs = WAIT_MS, chargeMs = CHARGE_MS } = options;
  const { now, random, log } = options.context;
  /** Top-ups that this process is charging. */
  const charging = new Map<string, Promise<void>>();
  /** Of many requests of a workspace at once one looks at its balance. */
  const opening = new Map<string, Promise<Ensured>>();
  const background = new Map<string, Promise<unknown>>();
  const quietUntil = new Map<string, number>();
  const closing = new AbortController();

  const charge = async (row: TopUpRow): Promise<void> => {
    const { id, workspace_id: workspaceId, credits, cents } = row;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(chargeMs), closing.signal]);
      const payment = await within(signal, provider.charge({ id, workspaceId, credits, cents }, signal));
      const decided = await decideTopUp(store, id, payment, now());
      log('An automatic top-up was charged.', {
        top_up: id,
        workspace: workspaceId,
        credits,
        payment: payment.status,
        decided,
      });
    } catch (error) {
      log('The outcome of an automatic top-up is not known; the provider is asked again.', { top_up: id, error });
    }
  };
  const startCharge = (row: TopUpRow): void => {
    charging.set(
      row.id,
      charge(row).finally(() => charging.delete(row.id)),
    );
  };

  /** Until the top-up has ended or the time is over. */
  const waitFor = async (row: TopUpRow): Promise<Ensured> => {
    const mine = charging.get(row.id);
    const deadline = performance.now() + Math.min(waitMs, Math.max(0, row.created_at.getTime() + waitMs - now()));
    if (mine !== undefined) await Promise.race([mine, pause(deadline - performance.now())]);
    for (;;) {
      const [found] = await store.query<TopUpRow>('SELECT * FROM top_ups WHERE id = $1', [row.id]);
      if (found?.state === 'paid') return { status: 'enough' };
      if (found?.state === 'failed') {
        return { status: 'refused', why: `the automatic top-up failed: ${found.reason ?? 'no reason was given'}` };
      }
      if (performance.now() >= deadline || closing.signal.aborted) {
        return {
          status: 'refused',
          why: `an automatic top-up of ${row.credits} credits has been under way since ${row.created_at.toISOString()}; try again in a minute`,
        };
      }
      await pause(LOOK_EVERY_MS);
    }
  };
  const open = async (workspaceId: string, needed: number | null): Promise<Ensured> => {
    if (provider.unavailable !== null)
      return { status: 'refused', why: `automatic top-up is not possible: ${provider.unavailable}` };
    const id = newId('top', random);
    const opened = await openTopUp(store, { id, workspaceId, needed, provider: provider.name, now: now() });
    if (opened.status === 'opened') startCharge(opened.row);
    return opened.status === 'opened' || opened.status === 'waiting' ? waitFor(opened.row) : opened;
  };

  const buyBelowThreshold = async (workspaceId: string): Promise<void> => {
    if ((await open(workspaceId, null)).status === 'enough') return;
    if (quietUntil.size >= QUIET_WORKSPACES) quietUntil.clear();
    quietUntil.set(workspaceId, now() + QUIET_MS);
  };
  const settled = async (): Promise<void> => {
    await Promise.allSettled([...opening.values(), ...background.values(), ...charging.values()]);
  };

  const recoverOne = async (row: TopUpRow): Promise<boolean> => {
    const signal = AbortSignal.any([AbortSignal.timeout(chargeMs), closing.signal]);
    const found = await within(signal, provider.find(row.id, signal));
    if (found.status === 'pending') return false;
    if (found.status !== 'unknown') return (await decideTopUp(store, row.id, found, now())) !== 'ignored';
    const [terms] = await store.query<{ auto_top_up: AutoTopUp }>('SELECT auto_top_up FROM workspaces WHERE id = $1', [
      row.workspace_id,
    ]);
    // It may still be on its way: only the same id makes sure that it is one payment.
    if (terms?.auto_top_up.enabled === true) {
      startCharge(row);
      await charging.get(row.id);
      const [after] = await store.query<TopUpRow>('SELECT * FROM top_ups WHERE id = $1', [row.id]);
      return after?.state !== 'open';
    }
    if (now() - row.created_at.getTime() < GIVE_UP_MS) return false;
    const reason = 'the provider never heard of it';
    return (await decideTopUp(store, row.id, { status: 'declined', reason }, now())) === 'failed';
  };

  return {
    provider: provider.name,

    ensure(workspaceId, needed) {
      const running = opening.get(workspaceId);
      if (running !== undefined) return running;
      const started = open(workspaceId, needed).finally(() => opening.delete(workspaceId));
      opening.set(workspaceId, started);
      return started;
    },

    poke(workspaceId) {
      if (background.has(workspaceId) || now() < (quietUntil.get(workspaceId) ?? 0)) return;
      const run = buyBelowThreshold(workspaceId)
        .catch((error: unknown) => log('An automatic top-up could not be opened.', { workspace: workspaceId, error }))
        .finally(() => background.delete(workspaceId));
      background.set(workspaceId, run);
    },

    async webhook(body, headers) {
      const told = provider.readWebhook(body, headers);
      return told === null ? 'ignored' : decideTopUp(store, told.id, told.payment, now());
    },

    async recover() {
      const at = new Date(now());
      // Claimed by the time at which it was asked: of several nodes one asks.
      const rows = await store.query<TopUpRow>(
        `UPDATE top_ups SET asked_at = $1 WHERE id IN (
           SELECT id FROM top_ups WHERE state = 'open' AND provider = $2 AND asked_at < $3
            ORDER BY asked_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING *`,
        [at, provider.name, new Date(at.getTime() - RECOVER_AFTER_MS)],
      );
      let ended = 0;
      for (const row of rows) {
        if (charging.has(row.id)) continue;
        try {
          if (await recoverOne(row)) ended += 1;
        } catch (error) {
          log('A top-up that is open could not be looked up; it is tried again.', { top_up: row.id, error });
        }
      }
      return ended;
    },

    async list(workspaceId, { limit, cursor }) {
      const [at, id] = decodeCursor(LIST, ['number', 'text'], cursor) ?? [null, null];
      const rows = await store.query<TopUpRow>(
        `SELECT * FROM top_ups WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
          ORDER BY created_at DESC, id DESC LIMIT $4`,
        [workspaceId, at === null ? null : new Date(at), id, limit + 1],
      );
      if (rows.length === 0) await checkWorkspace(store, workspaceId);
      return listPage(rows, limit, toTopUp, (row) => encodeCursor(LIST, [row.created_at.getTime(), row.id]));
    },

    async state(workspaceId, terms) {
      const { period } = await readBalance(store, workspaceId, now());
      const [last] = await store.query<TopUpRow>(
        'SELECT * FROM top_ups WHERE workspace_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
        [workspaceId],
      );
      return {
        ...terms,
        bought_this_month: await boughtInMonth(store, workspaceId, period),
        last: last === undefined ? null : toTopUp(last),
      };
    },

    settled,
    async close() {
      closing.abort();
      await settled();
    },
  };
}

/** A provider that ignores its signal must not be waited for either. */
function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the payment provider did not answer in time')), {
      once: true,
    });
  });
  return Promise.race([promise, late]);
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(0, ms)));
