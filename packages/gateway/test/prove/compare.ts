import assert from 'node:assert/strict';
import { createVerifier } from '@asa/accounts';
import type { ChainEntry } from '@asa/contract';
import type { Admin } from './admin.ts';
import type { Call, Customer } from './load.ts';

export interface Accounts {
  readonly admin: Admin;
  readonly customers: readonly Customer[];
  /** What the callers saw. */
  readonly calls: readonly Call[];
  /** What the origin served: a line for each page. */
  readonly served: readonly string[];
  /** Requests in flight at each kill. */
  readonly cut: readonly number[];
  /** Credits that each customer was given meanwhile. */
  readonly toppedUp: number;
}

export interface Figures {
  readonly kills: number;
  readonly requests: number;
  /** Answers that were received whole. */
  readonly succeeded: number;
  readonly failed: number;
  /** The error codes among them, with their numbers. */
  readonly errors: Readonly<Record<string, number>>;
  /** Requests in flight at the kills. */
  readonly inFlight: number;
  readonly pagesServed: number;
  readonly captures: number;
  /** Captures whose answer nobody received. */
  readonly unseen: number;
  /** What the reconciliation report lists, and how many of these were received after all. */
  readonly listed: number;
  readonly listedButReceived: number;
  readonly credits: number;
  readonly refunded: number;
}

/** Compares the three accounts; throws where they do not say the same. */
export async function compareAccounts({ admin, customers, calls, served, cut, toppedUp }: Accounts): Promise<Figures> {
  const answered = calls.filter((call) => call.answer !== null);
  const byId = new Map(answered.map((call) => [call.answer?.requestId ?? '', call]));
  assert.equal(byId.size, answered.length, 'every answer has an id of its own');
  const pages = servedPages(served);
  const report = await admin.report();
  const doubtful = new Set(report.doubtful.map((one) => one.request_id));
  assert.equal(report.doubtful.length, report.doubtful_count, 'the list is whole');
  let [captures, unseen, received, credits] = [0, 0, 0, 0];
  const asked = new Map<string, string>();

  for (const customer of customers) {
    const { entries, balance } = await exportOf(admin.url, customer);
    const captured = entries.filter((entry) => entry.kind === 'capture');
    const ids = new Set(captured.map((entry) => entry.request_id ?? ''));
    assert.equal(ids.size, captured.length, 'no request is captured twice');
    captures += captured.length;

    for (const entry of captured) {
      const id = entry.request_id ?? '';
      credits -= entry.amount;
      const call = byId.get(id);
      if (call === undefined) {
        unseen += 1;
        assert.ok(doubtful.has(id), `${id} was paid for and nobody received it: the report must list it`);
        await fromTrace(admin, id, asked);
        continue;
      }
      if (doubtful.has(id)) received += 1;
      assert.equal(call.customer, customer, 'its own workspace pays');
      assert.equal(call.answer?.status, 200, `${id} was not a success and was paid for`);
      assert.equal(call.answer.cost, -entry.amount, `${id} costs what its answer says`);
      asked.set(id, call.query);
    }
    for (const call of answered) {
      if (call.customer !== customer || call.answer?.status !== 200) continue;
      assert.ok(ids.has(call.answer.requestId), `${call.answer.requestId} was received and is not in the ledger`);
    }
    const paid = captured.reduce((sum, entry) => sum + entry.amount, 0);
    assert.equal(balance, customer.opening + toppedUp + paid, 'what is left is what was given less what was taken');
  }
  // Each page was asked for by one request only: nothing was paid twice, and nothing that the origin never served.
  const twice = [...Map.groupBy(asked, ([, query]) => query)].filter(([, ids]) => ids.length > 1);
  assert.deepEqual(
    twice.map(([query, ids]) => [query, ids.map(([id]) => `${id} ${byId.has(id) ? 'seen' : 'unseen'}`)]),
    [],
    'no page was paid for twice',
  );
  for (const query of asked.values()) assert.ok(pages.has(query), `${query} was paid for and never served`);
  const inFlight = cut.reduce((sum, n) => sum + n, 0);
  assert.ok(unseen <= inFlight, `${unseen} captures unseen, but only ${inFlight} requests were in flight`);
  const succeeded = answered.filter((call) => call.answer?.status === 200).length;
  assert.equal(captures, succeeded + unseen);
  assert.deepEqual(report.balances.wrong, []);
  // A trace that a kill overtook is missing; anything else would be a lie of one of the two.
  assert.deepEqual(
    report.differences.filter((one) => one.what !== 'captured_without_trace'),
    [],
  );

  const refunded = await refundAll(admin, customers, report.doubtful_credits);
  return {
    kills: cut.length,
    requests: calls.length,
    succeeded,
    failed: answered.length - succeeded,
    errors: countErrors(answered),
    inFlight,
    pagesServed: served.length,
    captures,
    unseen,
    listed: doubtful.size,
    listedButReceived: received,
    credits,
    refunded,
  };
}

/** Refunds what is listed: it comes back, once, and the list is empty then. */
async function refundAll(admin: Admin, customers: readonly Customer[], expected: number): Promise<number> {
  const sum = async (): Promise<number> => {
    const all = await Promise.all(customers.map(({ workspace }) => admin.credits(workspace)));
    return all.reduce((total, one) => total + one.total, 0);
  };
  const before = await sum();
  for (let turn = 0; turn < 2; turn += 1) {
    await admin.post('/reconciliation/refunds', { request_ids: 'all' });
    assert.equal((await sum()) - before, expected, 'a refund gives back what is listed, once');
  }
  assert.equal((await admin.report()).doubtful_count, 0);
  for (const customer of customers) await exportOf(admin.url, customer);
  return expected;
}

function countErrors(answered: readonly Call[]): Record<string, number> {
  const codes = answered.flatMap(({ answer }) => answer?.error ?? []);
  return Object.fromEntries(
    Map.groupBy(codes, (code) => code)
      .entries()
      .map(([code, all]) => [code, all.length]),
  );
}

/** The queries of which the origin served a whole page. */
function servedPages(served: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const line of served) {
    const [, target = '', status] = line.split(' ');
    if (status !== '200') continue;
    const url = new URL(target, 'http://origin');
    const asin = /\/dp\/([A-Z0-9]{10})/.exec(url.pathname)?.[1];
    const query = asin ?? url.searchParams.get('k');
    if (query !== null) found.add(query);
  }
  return found;
}

/** What a request asked for whose caller has no answer; its trace may be lost with the process. */
async function fromTrace(admin: Admin, id: string, asked: Map<string, string>): Promise<void> {
  const { status, body } = await admin.get(`/requests/${id}`);
  if (status !== 200) return;
  // A product is asked for by its ASIN, a search by its words.
  const { asin, query = asin } = body['params'] as { asin?: string; query?: string };
  assert.ok(query !== undefined, `the trace of ${id} does not say what was asked for`);
  asked.set(id, query);
}

/** The ledger of a customer as the customer gets it, checked as the customer would. */
async function exportOf(
  url: string,
  { key, workspace }: Customer,
): Promise<{ entries: ChainEntry[]; balance: number }> {
  const response = await fetch(`${url}/api/v1/ledger?format=ndjson`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(response.status, 200);
  const lines = (await response.text()).trimEnd().split('\n');
  const verifier = createVerifier();
  for (const line of lines) verifier.line(line);
  const result = verifier.end();
  assert.ok(!('problem' in result), JSON.stringify(result));
  assert.equal(result.workspace, workspace);
  assert.equal(result.open, 0, 'no hold is left');
  return { entries: lines.slice(1, -1).map((line) => JSON.parse(line) as ChainEntry), balance: result.end.balance };
}
