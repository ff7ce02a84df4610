import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace, TraceSummary, type ErrorCode } from '@asa/contract';
import type { Store } from '@asa/store';
import { startTestStore } from '@asa/store/testing';
import fc from 'fast-check';
import { createTraces } from '../src/index.ts';
import { rejects, requestId, trace } from './helpers.ts';

/** Any UTF-16 text, well-formed or not. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const DAY_MS = 86_400_000;

test('traces', async (t) => {
  const { store, close } = await startTestStore();
  t.after(close);
  let now = Date.parse('2026-05-20T10:00:00.000Z');
  const logged: string[] = [];
  const traces = createTraces({ store, now: () => now, log: (message) => void logged.push(message) });
  t.beforeEach(() => store.query('TRUNCATE traces'));

  await t.test('a trace is readable, as it was, as soon as it was written', async () => {
    const written = trace();
    Trace.parse(written);
    assert.equal(await traces.write(written), 'ok');
    assert.deepEqual(await traces.get(written.request_id), written);
    assert.deepEqual(await traces.get(written.request_id, 'ws_1'), written);
    assert.equal(await traces.get(written.request_id, 'ws_2'), null, 'another workspace has no such trace');
    assert.equal(await traces.get('req_ffffffffffff'), null);
    assert.equal(await traces.get('\0'), null);
  });

  await t.test('any text of a caller fits', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const written = trace({
          params: { query: text, [`x${text}`]: 1 },
          status: 400,
          error: 'invalid_params',
          credits: 0,
        });
        assert.equal(await traces.write(written), 'ok');
        assert.equal((await traces.get(written.request_id))?.params['query'], text);
      }),
      { numRuns: 100, examples: [['\0'], ['\ud800'], ['"\\{}'], ['\u2028']] },
    );
  });

  await t.test('a second trace of a request id is a duplicate, and the first one stays', async () => {
    const first = trace();
    const second = { ...first, status: 422 };
    const both = [traces.write(first), traces.write(second)];
    assert.deepEqual(await Promise.all(both), ['ok', 'duplicate']);
    assert.equal(await traces.write(second), 'duplicate');
    assert.deepEqual(await traces.get(first.request_id), first);
    const id = requestId();
    const others = [createTraces({ store }), createTraces({ store }), traces];
    const race = await Promise.all(others.map((each) => each.write(trace({ request_id: id }))));
    assert.deepEqual(race.toSorted(), ['duplicate', 'duplicate', 'ok']);
  });

  await t.test('many are written together, each is answered, none waits for ever', async () => {
    const statements = new Map<string, number>();
    const counting = createTraces({
      store: watched(store, (name) => statements.set(name, (statements.get(name) ?? 0) + 1)),
    });
    const many = await Promise.all(Array.from({ length: 1000 }, () => counting.write(trace())));
    assert.deepEqual(new Set(many), new Set(['ok']));
    assert.ok((statements.get('traces_insert') ?? 0) <= 5, `${statements.get('traces_insert')} statements`);
    // Whoever was just answered writes again at once.
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let i = 0; i < 10; i += 1) assert.equal(await counting.write(trace()), 'ok');
      }),
    );
    await counting.close();
    assert.equal((await store.query<{ n: number }>('SELECT count(*) AS n FROM traces'))[0]?.n, 1200);
  });

  await t.test('one that cannot be stored does not take the others with it', async () => {
    const results = await Promise.allSettled(
      [trace(), trace({ status: 99_999 }), trace()].map((one) => traces.write(one)),
    );
    assert.deepEqual(
      results.map((one) => one.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.match(logged.splice(0).join(), /one by one/);
    const bad = trace({ status: 99_999 });
    await assert.rejects(traces.write(bad));
    assert.equal(await traces.write({ ...bad, status: 200 }), 'ok', 'a refused id may be used again');
  });

  await t.test(
    'a database that is away is an error for the writer, and too many that wait for it are refused',
    async () => {
      const { promise: answer, reject: refuse } = Promise.withResolvers<never>();
      answer.catch(() => {}); // Those who wait for it are the ones to hear of it.
      const hanging = createTraces({ store: watched(store, () => answer) });
      const waiting = Promise.allSettled(Array.from({ length: 10_000 }, () => hanging.write(trace())));
      await assert.rejects(hanging.write(trace()), /10000 traces are waiting/);
      refuse(new Error('Connection terminated'));
      for (const result of await waiting) assert.equal(result.status, 'rejected');
    },
  );

  await t.test('no key, cookie or credential of a proxy is ever stored', async () => {
    const key = `asa_live_AbCdEfGhIjKl${'9'.repeat(20)}`;
    const written = trace({
      params: {
        api_key: key,
        API_KEY: key,
        query: `see ${key}`,
        url: `https://user:secret9@www.amazon.com/x?api_key=secret9&a=1`,
      },
      resolved_url: 'http://me:secret9@proxy.example:8080/dp/B000000000?api_key=secret9',
      attempts: [
        { ...trace().attempts[0]!, url: 'https://u:secret9@h/p', error: `proxy http://u:secret9@h refused ${key}` },
      ],
    });
    await traces.write(written);
    const [row] = await store.query<{ text: string }>('SELECT t::text AS text FROM traces t');
    assert.ok(row !== undefined);
    assert.doesNotMatch(row.text, /secret9|99999/);
    const read = await traces.get(written.request_id);
    assert.deepEqual(read?.params, {
      query: 'see asa_live_AbCdEfGhIjKl',
      url: 'https://www.amazon.com/x?api_key=&a=1',
    });
    assert.equal(read.resolved_url, 'http://proxy.example:8080/dp/B000000000?api_key=');
    assert.equal(read.attempts[0]?.error, 'proxy http://h refused asa_live_AbCdEfGhIjKl');
  });

  await t.test('lists are filtered and paged, newest first', async () => {
    const codes: (ErrorCode | null)[] = [null, 'blocked_by_amazon', 'rate_limited'];
    const all = Array.from({ length: 24 }, (_, i) =>
      trace({
        workspace: `ws_${i % 2}`,
        key: `asa_live_${String(i % 4).repeat(12)}`,
        status: [200, 422, 429][i % 3] ?? 0,
        error: codes[i % 3] ?? null,
        // Several at the same moment: their ids decide.
        received_at: new Date(now + Math.floor(i / 5) * 10).toISOString(),
      }),
    );
    await Promise.all(all.map((one) => traces.write(one)));
    const order = all.toSorted((a, b) =>
      `${a.received_at}${a.request_id}` < `${b.received_at}${b.request_id}` ? 1 : -1,
    );
    const read = async (
      filter: Partial<Parameters<typeof traces.list>[0]>,
      between: () => Promise<unknown> = async () => {},
    ) => {
      const seen: TraceSummary[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof traces.list>> = await traces.list({ limit: 5, ...filter, cursor });
        assert.ok(page.items.length <= 5);
        seen.push(...page.items);
        cursor = page.nextCursor;
        await between();
      } while (cursor !== null);
      for (const one of seen) TraceSummary.parse(one);
      return seen.map((one) => one.request_id);
    };
    const ids = (keep: (one: (typeof all)[number]) => boolean) => order.filter(keep).map((one) => one.request_id);
    assert.deepEqual(
      await read({}),
      ids(() => true),
    );
    assert.deepEqual(
      await read({ workspaceId: 'ws_1' }),
      ids((one) => one.workspace === 'ws_1'),
    );
    assert.deepEqual(
      await read({ status: 422 }),
      ids((one) => one.status === 422),
    );
    assert.deepEqual(
      await read({ error: 'rate_limited', workspaceId: 'ws_0' }),
      ids((one) => one.error === 'rate_limited' && one.workspace === 'ws_0'),
    );
    assert.deepEqual(
      await read({ key: 'asa_live_222222222222', status: null, error: null }),
      ids((one) => one.key === 'asa_live_222222222222'),
    );
    assert.deepEqual(await read({ key: 'none' }), []);
    const later = { received_at: new Date(now + 1000).toISOString() };
    assert.deepEqual(
      await read({}, () => traces.write(trace(later))),
      ids(() => true),
      'new ones do not shift the pages',
    );
    const { items } = await traces.list({ limit: 1, cursor: null });
    assert.equal('attempts' in (items[0] ?? {}), false, 'a list shows summaries');
    for (const cursor of [
      'x',
      '',
      btoa('["requests"]'),
      btoa('["requests",1,2]'),
      btoa('["tickets",1,"req"]'),
      btoa('["requests",1,"\\u0000"]'),
    ]) {
      await rejects(traces.list({ limit: 5, cursor }), 'invalid_params', /cursor ".*" is not a next_cursor/);
    }
  });

  await t.test('old traces are deleted, after 7 days at the earliest', async () => {
    const days = [0, 6, 8, 29, 31, 40];
    for (const age of days) await traces.write(trace({ received_at: new Date(now - age * DAY_MS).toISOString() }));
    assert.deepEqual(await traces.retention({ days: 30 }), { traces: 2, tickets: 0 });
    assert.deepEqual(await traces.retention({ days: 1 }), { traces: 2, tickets: 0 });
    assert.equal((await traces.list({ limit: 10, cursor: null })).items.length, 2);
    await store.query(
      `INSERT INTO traces SELECT 'old' || n, 'w', 'k', 'e', $1, 200, NULL, 0, 1, NULL, '{}', '{}' FROM generate_series(1, 11000) n`,
      [new Date(now - 31 * DAY_MS)],
    );
    assert.deepEqual(await traces.retention({ days: 30 }), { traces: 11_000, tickets: 0 }, 'in several statements');
  });
});

/** The same store, with every named statement told to the test, which may hold it up. */
function watched(store: Store, onStatement: (name: string) => unknown): Store {
  const query = async (config: { name?: string; text: string }): Promise<unknown> => {
    await onStatement(config.name ?? '');
    return store.pool.query(config);
  };
  return { ...store, pool: Object.create(store.pool, { query: { value: query } }) as Store['pool'] };
}
