import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Store } from '@asa/store';
import { createAccounts, createTestProvider, type Accounts, type TestPayments } from '../src/index.ts';
import { requestId, startHouse, type Clock } from './helpers.ts';

export const SECRET = 'a secret of this test';

export interface Shop {
  store: Store;
  clock: Clock;
  accounts: Accounts;
  /** Another process on the same database and the same provider. */
  other: Accounts;
  how: { next: TestPayments };
  workspace: (terms?: {
    threshold?: number;
    pack?: number;
    monthly_cap?: number;
    enabled?: boolean;
  }) => Promise<string>;
}

/** Two processes on one database, with automatic top-ups by the provider `test`. */
export async function startShop(
  t: TestContext,
  waits: { topUpWaitMs?: number; topUpChargeMs?: number } = {},
): Promise<Shop> {
  const { store, clock, node } = await startHouse(t);
  const how: { next: TestPayments } = { next: 'succeed' };
  const open = (of: Store): Accounts => {
    const accounts: Accounts = createAccounts({
      store: of,
      now: clock.now,
      provider: createTestProvider({
        store: of,
        now: clock.now,
        behaviour: () => how.next,
        secret: SECRET,
        deliver: (body, headers) => accounts.topUps.webhook(body, headers),
      }),
      ...waits,
    });
    t.after(() => accounts.close());
    return accounts;
  };
  const accounts = open(store);
  const other = open((await node()).store);
  const workspace: Shop['workspace'] = async (terms = {}) => {
    const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom' });
    await accounts.workspaces.patch(id, {
      auto_top_up: { enabled: true, threshold: 0, pack: 1000, monthly_cap: 5000, ...terms },
    });
    return id;
  };
  return { store, clock, accounts, other, how, workspace };
}

/** As the reserve stage does it: hold, and when there is too little, top up and hold again. */
export async function hold(accounts: Accounts, workspaceId: string, credits: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const outcome = await accounts.ledger.hold({ requestId: requestId(), workspaceId, keyId: 'k', credits });
    if (outcome.status !== 'insufficient') return outcome.status;
    const ensured = await accounts.topUps.ensure(workspaceId, credits);
    if (ensured.status === 'refused') return ensured.why;
    assert.ok(tries < 20);
  }
}
