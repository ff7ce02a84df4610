import { randomBytes } from 'node:crypto';
import type { Account } from '@asa/contract';
import type { Store } from '@asa/store';
import { createAlerts, type Alerts, type OnAlert } from './budgets/alerts.ts';
import { createBudgets, type Budgets } from './budgets/budgets.ts';
import { createBudgetTerms } from './budgets/terms.ts';
import { newId, noWorkspace } from './ids.ts';
import { createIdentifier } from './keys/identify.ts';
import { createKeys, insertKey, type Keys } from './keys/keys.ts';
import { createLastUsed } from './keys/last-used.ts';
import { createLedger, type Ledger } from './ledger/ledger.ts';
import { createReceipts, type Receipts } from './receipts/receipts.ts';
import { createKeyStates } from './limits/key-state.ts';
import { createLocalLimits } from './limits/local.ts';
import { createSharedLimits } from './limits/shared.ts';
import type { Limits } from './limits/types.ts';
import { spreadForgetting } from './shared/forgetting.ts';
import type { Redis } from './shared/redis.ts';
import { NO_PROVIDER, type PaymentProvider } from './top-ups/provider.ts';
import { createTopUps, type TopUps } from './top-ups/top-ups.ts';
import type { Context, Principal } from './types.ts';
import { createAnswers, type Answers } from './reconciliation/answers.ts';
import { createReconcile, type Reconcile } from './reconciliation/reconciliation.ts';
import { createUsage, type Usage } from './usage/usage.ts';
import { findWorkspace, insertWorkspace, limitsOfRow } from './workspaces/row.ts';
import { createWorkspaces, type Workspaces } from './workspaces/workspaces.ts';

export interface AccountsOptions extends Partial<Context> {
  /** One `Accounts` per store: the ledger knows which holds of its process are in use. */
  readonly store: Store;
  /** Encrypts the private keys for receipts in the database; null (the default): they are stored as they are. */
  readonly receiptPassphrase?: string | null;
  /** What nodes share their ceilings and revocations through. Left out: this is the only node. It is the caller's to close, afterwards. */
  readonly redis?: Redis | null;
  /** Hears of each alert once it is stored. */
  readonly onAlert?: OnAlert | null;
  /** Takes the money for automatic top-ups; none (the default): they are refused. */
  readonly provider?: PaymentProvider;
  /** How long a request waits for a payment, and how long the provider has to answer; for tests. In ms. */
  readonly topUpWaitMs?: number;
  readonly topUpChargeMs?: number;
}

/** The keys of the first start. They are shown only once. */
export interface DefaultKeys {
  readonly workspaceId: string;
  readonly liveKey: string;
  readonly testKey: string;
}

export interface Accounts {
  readonly keys: Keys;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly workspaces: Workspaces;
  readonly usage: Pick<Usage, 'record' | 'purge'>;
  readonly answers: Pick<Answers, 'note'>;
  readonly reconciliation: Reconcile;
  readonly receipts: Receipts;
  readonly budgets: Budgets;
  readonly alerts: Alerts;
  readonly topUps: TopUps;
  /** What `GET /api/v1/account` answers. */
  readonly account: (principal: Pick<Principal, 'workspaceId'>) => Promise<Account>;
  /** Makes the workspace `default` with two keys once per database; null when it was made before, also by another node just now. */
  readonly ensureDefault: () => Promise<DefaultKeys | null>;
  /** Writes what is not yet written. Never rejects: what cannot be written is logged and lost. */
  readonly close: () => Promise<void>;
}

const PLACE_ID_BYTES = 12;
/** Alerts that the account tells. */
const ALERTS_SHOWN = 20;

/** Workspaces, keys, credits and ceilings (contract sections 5, 6 and 10). Throws `ApiError`; anything else is a bug or the database. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { store } = options;
  const context: Context = {
    now: options.now ?? Date.now,
    random: options.random ?? ((size) => randomBytes(size)),
    log: options.log ?? (() => {}),
  };
  const lastUsed = createLastUsed(store, context);
  const usage = createUsage(store, context);
  const redis = options.redis ?? null;
  const identifier = spreadForgetting(redis, createIdentifier(store, context, lastUsed.note));
  const terms = createBudgetTerms(store, context);
  const alerts = createAlerts(store, context, options.onAlert ?? null);
  const budgets = createBudgets(store, context, alerts.poke);
  const topUps = createTopUps({
    store,
    context,
    provider: options.provider ?? NO_PROVIDER,
    waitMs: options.topUpWaitMs,
    chargeMs: options.topUpChargeMs,
  });
  const keys = createKeys(store, context, identifier, lastUsed, terms);
  const ledger = createLedger(store, context);
  const states = createKeyStates();
  const newPlaceId = (): string => Buffer.from(context.random(PLACE_ID_BYTES)).toString('base64url');
  const shared = redis === null ? null : createSharedLimits({ redis, states, now: context.now, newPlaceId });
  const answers = createAnswers(store, context);

  return {
    keys,
    limits: shared ?? createLocalLimits(context, states),
    ledger,
    workspaces: createWorkspaces(store, context, identifier.forget, terms),
    budgets,
    alerts,
    topUps,
    receipts: createReceipts(store, context, options.receiptPassphrase ?? null),
    usage: { record: usage.record, purge: usage.purge },
    answers: { note: answers.note },
    reconciliation: createReconcile(store, context),

    async account({ workspaceId }) {
      await budgets.flush();
      const credits = await ledger.credits(workspaceId);
      const row = await findWorkspace(store, workspaceId);
      if (row === undefined) throw noWorkspace(workspaceId);
      return {
        workspace: row.id,
        plan: row.plan,
        credits,
        limits: limitsOfRow(row),
        budgets: await terms.read(workspaceId),
        auto_top_up: await topUps.state(workspaceId, row.auto_top_up),
        alerts: (await alerts.list(workspaceId, { limit: ALERTS_SHOWN, cursor: null })).items,
        keys: await keys.list(workspaceId),
        usage: await usage.read(workspaceId),
      };
    },

    ensureDefault: () => ensureDefault(store, context),

    async close() {
      shared?.close();
      alerts.stop();
      await topUps.close();
      for (const { stop, flush } of [lastUsed, usage, budgets, answers]) {
        stop();
        await flush().catch((error: unknown) => context.log('Usage could not be written at the end.', { error }));
      }
    },
  };
}

async function ensureDefault(store: Store, { now, random }: Context): Promise<DefaultKeys | null> {
  return store.transaction(async (tx) => {
    const workspaceId = newId('ws', random);
    // Of several nodes at once the others wait here for the first to commit, and then find the row.
    const made = await tx.query(
      `INSERT INTO asa_meta (key, value) VALUES ('default_workspace', $1) ON CONFLICT DO NOTHING RETURNING key`,
      [JSON.stringify(workspaceId)],
    );
    if (made.length === 0) return null;
    const at = now();
    await insertWorkspace(tx, workspaceId, { name: 'default', plan: 'pro' }, at);
    const live = await insertKey(tx, workspaceId, { name: 'default', mode: 'live' }, at, random);
    const test = await insertKey(tx, workspaceId, { name: 'default', mode: 'test' }, at, random);
    return { workspaceId, liveKey: live.key, testKey: test.key };
  });
}
