import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { limitsOf, parseBatchBody, planRow, type PlanName } from '@asa/contract';
import { startTestStore } from '@asa/store/testing';
import type { Store } from '@asa/store';
import {
  createJobs,
  type BatchHooks,
  type BatchOwner,
  type ItemOutcome,
  type ItemRunner,
  type ItemWork,
  type Jobs,
} from '../../src/index.ts';

/** A try that a test has in its hands. */
export interface Pending {
  readonly work: ItemWork;
  readonly finish: (outcome?: object) => void;
}

const newRequestId = (): string => `req_${randomBytes(6).toString('hex')}`;

export const owner = (workspaceId: string, plan: PlanName = 'pro', mode: 'live' | 'test' = 'test'): BatchOwner => ({
  workspaceId,
  plan,
  mode,
  keyId: `key_${workspaceId}`,
  shortPrefix: `asa_${mode}_${workspaceId}`,
  limits: limitsOf(plan, {}),
  exitCountryOfChoice: planRow(plan).exitCountryOfChoice,
});

export const succeeded = (work: ItemWork): Extract<ItemOutcome, { ok: true }> => ({
  ok: true,
  requestId: work.requestId,
  body: JSON.stringify({ asin: work.input['query'] }),
  isKept: false,
  credits: 0,
  durationMs: 1,
});

/** Batches on a real database; what becomes of an item is said by the test. */
export interface House {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly clock: { ms: number };
  readonly hooks: { ended: string[]; items: [string, number[]][] };
  /** Tries under way, oldest first, when no `run` was given. */
  readonly pending: Pending[];
  readonly make: (
    by: BatchOwner,
    items: readonly object[],
    options?: { key?: string; webhook?: boolean },
  ) => Promise<string>;
  /** Another process on the same database. */
  readonly node: (run: ItemRunner['run'], options?: NodeOptions) => Jobs;
}

interface NodeOptions {
  readonly concurrency?: number;
  readonly mayStart?: () => boolean;
  readonly paid?: ItemRunner['paid'];
  readonly close?: ItemRunner['close'];
}

export async function startHouse(
  t: TestContext,
  { run, ...options }: NodeOptions & { run?: ItemRunner['run'] } = {},
): Promise<House> {
  const { store, close } = await startTestStore();
  const clock = { ms: Date.parse('2026-07-01T00:00:00Z') };
  const hooks: House['hooks'] = { ended: [], items: [] };
  const told: BatchHooks = {
    batchEnded: (_tx, { id }) => Promise.resolve(void hooks.ended.push(id)),
    itemsDone: (_tx, { id }, indices) => Promise.resolve(void hooks.items.push([id, [...indices]])),
  };
  const all: Jobs[] = [];
  const node: House['node'] = (
    nodeRun,
    { concurrency = 8, mayStart = () => true, paid = async () => 0, close: closeDraft = async () => {} } = {},
  ) => {
    const jobs = createJobs({
      store,
      runner: { run: nodeRun, paid, close: closeDraft },
      hooks: told,
      concurrency,
      mayStart,
      newRequestId,
      now: () => clock.ms,
    });
    all.push(jobs);
    return jobs;
  };
  const pending: Pending[] = [];
  const held: ItemRunner['run'] = (work) =>
    new Promise((resolve) => {
      const one: Pending = {
        work,
        finish(outcome = {}) {
          pending.splice(pending.indexOf(one), 1);
          resolve({ ...succeeded(work), ...outcome });
        },
      };
      pending.push(one);
      work.signal.addEventListener('abort', () => resolve('interrupted'));
    });
  const jobs = node(run ?? held, options);
  t.after(async () => {
    await Promise.all(all.map((each) => each.close(0)));
    await close();
  });
  return {
    store,
    jobs,
    clock,
    hooks,
    pending,
    node,
    async make(by, items, { key, webhook = false } = {}) {
      const body = {
        endpoint: 'amazon.product',
        items,
        ...(webhook ? { webhook_url: 'https://example.com/', webhook_events: ['batch.completed', 'batch.item'] } : {}),
      };
      const batch = parseBatchBody('application/json', Buffer.from(JSON.stringify(body)), () => []);
      const { id } = await jobs.make({
        owner: by,
        batch,
        idempotencyKey: key ?? null,
        webhookSecret: webhook ? 'whsec_AAAA' : null,
      });
      return id;
    },
  };
}

/** So many different products. */
export const products = (count: number): { query: string }[] =>
  Array.from({ length: count }, (_, i) => ({ query: `B${String(i).padStart(9, '0')}` }));
