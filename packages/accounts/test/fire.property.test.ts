import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HoldLost, type Accounts } from '../src/index.ts';
import { checkBooks, eventually, requestId, startHouse } from './helpers.ts';

/**
 * The ledger under fire: whole requests of many workspaces at the same time through the group commit of two nodes, of which one dies in
 * the middle; meanwhile keys are revoked, plans change, credits come and go. Afterwards what the callers were told is an account of its
 * own: it must be the ledger's, to the credit.
 */

const WORKSPACES = 6;
const RUNS = Number(process.env['FIRE_RUNS'] ?? 4);
const OPENING = 400;

const request = fc.record({
  do: fc.constant('request' as const),
  workspace: fc.nat(WORKSPACES - 1),
  node: fc.nat(1),
  credits: fc.integer({ min: 1, max: 50 }),
  share: fc.integer({ min: 1, max: 100 }),
  /** Turns of the event loop that its page takes. */
  turns: fc.nat(30),
  end: fc.constantFrom('success', 'success', 'success', 'failure', 'undone', 'forgotten'),
});
const management = fc.oneof(
  fc.record({
    do: fc.constant('credits' as const),
    workspace: fc.nat(WORKSPACES - 1),
    node: fc.nat(1),
    amount: fc.integer({ min: -60, max: 120 }),
    n: fc.nat(3),
  }),
  fc.record({
    do: fc.constant('plan' as const),
    workspace: fc.nat(WORKSPACES - 1),
    node: fc.constant(0),
    plan: fc.constantFrom('free' as const, 'vibe' as const, 'pro' as const),
  }),
  fc.record({ do: fc.constant('revoke' as const), workspace: fc.nat(WORKSPACES - 1), node: fc.constant(0) }),
  fc.record({ do: fc.constant('sweep' as const), workspace: fc.constant(0), node: fc.nat(1) }),
);
const event = fc.oneof({ weight: 12, arbitrary: request }, { weight: 2, arbitrary: management });
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
/** What happens at once, and when in it the second node dies. */
const rounds = fc.array(
  fc.record({
    events: fc.array(event, { minLength: 20, maxLength: 90, size: 'max' }),
    death: fc.option(fc.nat(20), { freq: 2 }),
  }),
  { minLength: 1, maxLength: 3 },
);

interface Site {
  readonly id: string;
  readonly key: string;
  readonly keyId: string;
  isRevoked: boolean;
  /** Credits that callers were told to have paid, and changes by hand that were told to be done, by idempotency key. */
  paid: number;
  readonly changes: Map<string, number>;
}

test('many nodes under fire: what callers were told is what the ledger says, and the rest is listed', async (t) => {
  const { store, accounts, node: startNode } = await startHouse(t);
  await fc.assert(
    fc.asyncProperty(rounds, async (plan) => {
      const sites = await Promise.all(Array.from({ length: WORKSPACES }, () => openSite(accounts)));
      /** Requests that were told to be captured, and those told that nothing was taken. */
      const told = { paid: new Map<string, number>(), free: new Set<string>() };
      let other = await startNode(() => {});
      for (const { events, death } of plan) {
        const nodes = [accounts, other.accounts];
        const { promise: died, resolve: isDead } = Promise.withResolvers<void>();
        const running = events.map((each) => {
          const site = sites[each.workspace] ?? assert.fail();
          const work = perform(nodes[each.node] ?? accounts, site, each, told);
          // Whatever a dying node answers with an error, or does not answer any more, is unknown to its caller.
          return each.node === 0 || death === null ? work : Promise.race([work.catch(() => {}), died]);
        });
        if (death !== null) {
          for (let turn = 0; turn < death; turn += 1) await new Promise((done) => setImmediate(done));
          await other.close();
          for (let turn = 0; turn < 10; turn += 1) await new Promise((done) => setImmediate(done));
          isDead();
        }
        await Promise.all(running);
        if (death !== null) {
          other = await startNode(() => {});
          await eventually('no hold of the dead node is left', async () => {
            await accounts.ledger.sweep();
            return (await accounts.reconciliation.report(1)).holds_of_dead_processes === 0;
          });
        }
        await checkBooks(store);
      }
      // Then the second node dies with everything that was forgotten on it.
      await other.close();
      await eventually('all that was forgotten there is released', async () => {
        await accounts.ledger.sweep();
        return (await accounts.reconciliation.report(1)).holds_of_dead_processes === 0;
      });
      await compare(accounts, sites, told);
      await checkBooks(store);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );

  async function compare(
    { reconciliation, ledger, answers }: Accounts,
    sites: readonly Site[],
    told: { paid: ReadonlyMap<string, number>; free: ReadonlySet<string> },
  ): Promise<void> {
    const mine = sites.map((site) => site.id);
    const captures = await store.query<{ request_id: string; amount: number; undone: boolean }>(
      `SELECT c.request_id, c.amount, a.request_id IS NOT NULL AS undone FROM ledger_entries c
         LEFT JOIN ledger_entries a ON a.request_id = c.request_id AND a.kind = 'adjust'
        WHERE c.kind = 'capture' AND c.workspace_id = ANY($1)`,
      [mine],
    );
    for (const { request_id: id, amount, undone } of captures) {
      if (told.paid.has(id)) assert.equal(told.paid.get(id), undone ? 0 : -amount, `${id} costs what was told`);
      assert.ok(!told.free.has(id) || undone, `${id} was told to be free`);
    }
    const captured = new Set(captures.map((one) => one.request_id));
    for (const [id, cost] of told.paid) assert.ok(cost === 0 || captured.has(id), `${id} was told to be paid for`);

    // What nobody was told is in the report; refunded, the callers' account is the ledger's.
    const noted = captures.filter((one) => told.paid.has(one.request_id) || told.free.has(one.request_id));
    for (const { request_id: id } of noted) answers.note(id, true);
    await eventually('what was told is noted', async () => {
      const { doubtful, answers_on_their_way: waiting } = await reconciliation.report(1);
      return waiting === 0 && !doubtful.some((one) => told.paid.has(one.request_id));
    });
    const { doubtful } = await reconciliation.report(1);
    const listed = new Set(doubtful.map((one) => one.request_id));
    for (const { request_id: id, undone } of captures)
      assert.ok(undone || told.paid.has(id) || listed.has(id), `${id} was taken, nobody knows, and it is not listed`);
    await reconciliation.refund('all');
    const grants = await store.query<{ workspace_id: string; sum: number }>(
      `SELECT workspace_id, sum(amount)::bigint AS sum FROM ledger_entries WHERE kind = 'grant' AND workspace_id = ANY($1) GROUP BY 1`,
      [mine],
    );
    for (const { id, paid, changes } of sites) {
      const granted = grants.find((row) => row.workspace_id === id)?.sum ?? 0;
      const changed = changes.values().reduce((sum, amount) => sum + amount, 0);
      const { held, total } = await ledger.credits(id);
      // What this process forgot stays held until the process ends.
      assert.equal(total + held, OPENING + granted + changed - paid, `${id} has what its callers account for`);
    }
  }
});

async function openSite({ workspaces, keys }: Accounts): Promise<Site> {
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', credits: OPENING });
  const key = await keys.create(id, { name: 'k', mode: 'live' });
  return { id, key: key.key, keyId: key.id, isRevoked: false, paid: 0, changes: new Map() };
}

async function perform(
  { ledger, workspaces, keys }: Accounts,
  site: Site,
  each: Event,
  told: { paid: Map<string, number>; free: Set<string> },
): Promise<void> {
  switch (each.do) {
    case 'credits': {
      const { amount, n } = each;
      // Repeated with the same key: done once. With another amount under the same key: refused.
      const idempotencyKey = `change-${n}`;
      await workspaces.credits(site.id, { amount, reason: 'r', idempotencyKey }).then(
        () => site.changes.set(idempotencyKey, amount),
        (error: unknown) => assert.match(String(error), /amount|Idempotency-Key|Cannot use a pool/),
      );
      return;
    }
    case 'plan':
      await workspaces.patch(site.id, { plan: each.plan });
      return;
    case 'revoke':
      await keys.revoke(site.keyId);
      site.isRevoked = true;
      return;
    case 'sweep':
      await ledger.sweep();
      return;
    case 'request': {
      const mustBeRevoked = site.isRevoked && each.node === 0;
      const identified = await keys.identify(site.key);
      if (mustBeRevoked) assert.equal(identified.status, 'revoked', 'at once on the node that revoked it');
      if (identified.status !== 'ok') return;
      const { workspaceId, keyId } = identified.principal;
      const outcome = await ledger.hold({ requestId: requestId(), workspaceId, keyId, credits: each.credits });
      if (outcome.status !== 'held') return;
      const { hold } = outcome;
      for (let turn = 0; turn < each.turns; turn += 1) await new Promise((done) => setImmediate(done));
      if (each.end === 'forgotten') return;
      if (each.end === 'failure') {
        await ledger.release(hold);
        told.free.add(hold.requestId);
        return;
      }
      const cost = Math.max(1, Math.floor((each.credits * each.share) / 100));
      try {
        await ledger.capture(hold, cost, { answerDue: true });
      } catch (error) {
        if (!(error instanceof HoldLost)) throw error;
        told.free.add(hold.requestId);
        return;
      }
      if (each.end === 'undone') {
        await ledger.undo(hold);
        told.free.add(hold.requestId);
        return;
      }
      told.paid.set(hold.requestId, cost);
      site.paid += cost;
    }
  }
}
