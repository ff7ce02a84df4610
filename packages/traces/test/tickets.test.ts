import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ticket } from '@asa/contract';
import { startTestStore } from '@asa/store/testing';
import { createTraces } from '../src/index.ts';
import { MAX_PAGE_BYTES } from '../src/tickets/page.ts';
import { rejects, requestId } from './helpers.ts';

const DAY_MS = 86_400_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (page: Uint8Array): string => new TextDecoder().decode(page);

test('tickets', async (t) => {
  const { store, close } = await startTestStore();
  t.after(close);
  let now = Date.parse('2026-05-20T10:00:00.000Z');
  const traces = createTraces({ store, now: () => now });
  const { tickets } = traces;
  const failure = (page: string | Uint8Array, over = {}) => ({
    marketplace: 'co.uk',
    pageKind: 'product',
    fingerprint: 'no title',
    requestId: requestId(),
    page: typeof page === 'string' ? bytes(page) : page,
    ...over,
  });
  const all = async () => (await tickets.list({ limit: 100, cursor: null })).items;
  t.beforeEach(() => store.query('TRUNCATE tickets CASCADE'));

  await t.test('one per marketplace, page kind and fingerprint; further failures are counted', async () => {
    const first = failure('<p>one</p>');
    await tickets.file(first);
    const [made] = await all();
    assert.ok(made !== undefined);
    const when = new Date(now).toISOString();
    assert.deepEqual(made, {
      id: made.id,
      state: 'open',
      marketplace: 'co.uk',
      page_kind: 'product',
      fingerprint: 'no title',
      count: 1,
      first_seen: when,
      last_seen: when,
      request_ids: [first.requestId],
      note: '',
    });
    Ticket.parse(made);
    now += 5000;
    const second = failure('<p>two</p>');
    await tickets.file(second);
    const found = await tickets.get(made.id);
    assert.deepEqual(found, {
      ...made,
      count: 2,
      last_seen: new Date(now).toISOString(),
      request_ids: [second.requestId, first.requestId],
    });
    assert.equal(text(await tickets.page(made.id)), '<p>two</p>', 'the latest page');
    for (const over of [{ marketplace: 'de' }, { pageKind: 'search' }, { fingerprint: 'no price' }]) {
      await tickets.file(failure('x', over));
    }
    assert.equal((await all()).length, 4);
  });

  await t.test(
    'failures that come at once, on several nodes, are all counted; the last 20 requests are named',
    async () => {
      const other = createTraces({ store, now: () => now });
      const failures = Array.from({ length: 60 }, (_, i) => failure(`page ${i}`));
      await Promise.all(failures.map((one, i) => (i % 2 === 0 ? traces : other).tickets.file(one)));
      const [ticket] = await all();
      assert.ok(ticket !== undefined);
      assert.equal(ticket.count, 60);
      assert.equal(new Set(ticket.request_ids).size, 20);
      assert.match(text(await tickets.page(ticket.id)), /^page 5[89]$/);
      const ids = failures.map((one) => one.requestId);
      await Promise.all(failures.map((one) => tickets.file(one)));
      assert.deepEqual((await tickets.get(ticket.id)).request_ids, ids.toReversed().slice(0, 20));
      assert.equal(text(await tickets.page(ticket.id)), 'page 59');
    },
  );

  await t.test(
    'a page is kept compressed, byte for byte, and only its beginning when it is over the limit',
    async () => {
      const page = bytes('<div class="a-section">ü</div>\0'.repeat(40_000));
      await tickets.file(failure(page));
      const [ticket] = await all();
      assert.ok(ticket !== undefined);
      assert.ok(Buffer.from(page).equals(await tickets.page(ticket.id)));
      const [row] = await store.query<{ size: number }>('SELECT length(page) AS size FROM ticket_pages');
      assert.ok((row?.size ?? Infinity) < page.length / 20);
      await tickets.file(failure(new Uint8Array(MAX_PAGE_BYTES + 1)));
      assert.equal((await tickets.page(ticket.id)).length, MAX_PAGE_BYTES);
    },
  );

  await t.test('a ticket is closed and noted; the same failure opens it again', async () => {
    await tickets.file(failure('x'));
    const [{ id } = assert.fail()] = await all();
    const closed = await tickets.patch(id, { state: 'closed', note: 'fixed in 1.2' });
    assert.deepEqual([closed.state, closed.note], ['closed', 'fixed in 1.2']);
    assert.deepEqual(await tickets.get(id), closed);
    assert.deepEqual(await tickets.patch(id, {}), closed, 'what is left out stays');
    const listed = async (state: 'open' | 'closed') =>
      (await tickets.list({ state, limit: 5, cursor: null })).items.length;
    assert.deepEqual([await listed('open'), await listed('closed')], [0, 1]);
    await tickets.file(failure('y'));
    const again = await tickets.get(id);
    assert.deepEqual([again.state, again.note, again.count], ['open', 'fixed in 1.2', 2]);
    await rejects(tickets.patch(id, { note: 'a\0' }), 'invalid_params', /note .*NUL/);
  });

  await t.test('unknown tickets are not found', async () => {
    for (const id of ['tkt_0000000000000000', 'x', 'tkt_\0']) {
      await rejects(tickets.get(id), 'not_found', /no ticket/);
      await rejects(tickets.page(id), 'not_found', /no ticket/);
      await rejects(tickets.patch(id, { state: 'open' }), 'not_found', /no ticket/);
    }
  });

  await t.test('the list is paged, newest first', async () => {
    for (let i = 0; i < 7; i += 1) {
      now += i % 2;
      await tickets.file(failure('x', { fingerprint: `f${i}` }));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof tickets.list>> = await tickets.list({ limit: 3, cursor });
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
      // Further failures do not move a ticket in the list.
      await tickets.file(failure('x', { fingerprint: 'f0' }));
    } while (cursor !== null);
    assert.equal(new Set(seen).size, 7);
    assert.deepEqual(
      seen,
      (await all()).map((one) => one.id),
    );
    await rejects(tickets.list({ limit: 3, cursor: 'x' }), 'invalid_params', /cursor "x"/);
  });

  await t.test('closed tickets that stayed away are deleted with their pages', async () => {
    await tickets.file(failure('x', { fingerprint: 'open' }));
    await tickets.file(failure('x', { fingerprint: 'closed' }));
    for (const one of await all()) {
      if (one.fingerprint === 'closed') await tickets.patch(one.id, { state: 'closed' });
    }
    now += 31 * DAY_MS;
    assert.deepEqual(await traces.retention({ days: 30 }), { traces: 0, tickets: 1 });
    assert.deepEqual(
      (await all()).map((one) => one.fingerprint),
      ['open'],
    );
    assert.equal((await store.query('SELECT FROM ticket_pages')).length, 1);
  });
});
