import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAINS, MARKETPLACES, type VerdictClass } from '@asa/contract';
import { preferenceCookies, SiteCookies } from '../src/session/cookies.ts';
import { acceptLanguage, IDENTITIES } from '../src/session/identity.ts';
import { POOL_LIMITS, SessionPool, type SessionKey } from '../src/session/pool.ts';
import type { Session } from '../src/session/session.ts';

const KEY: SessionKey = { domain: 'de', tier: 'direct', language: 'de_DE', country: null };
const PAGE = new URL('https://www.amazon.de/dp/B000000000');

function openPool(limits: Partial<typeof POOL_LIMITS> = {}): { pool: SessionPool; clock: { now: number } } {
  const clock = { now: 0 };
  let seed = 0;
  const random = (): number => {
    seed = (seed * 16_807 + 11) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return { pool: new SessionPool({ limits: { ...POOL_LIMITS, ...limits }, now: () => clock.now, random }), clock };
}

const use = (pool: SessionPool, outcome: VerdictClass | null, fresh = false, key = KEY): Session => {
  const session = pool.acquire(key, fresh);
  session.end(outcome);
  return session;
};

test('a session is used again after a success, and gone after a block', () => {
  const { pool } = openPool();
  const first = use(pool, 'usable');
  assert.equal(use(pool, 'blocked'), first);
  const second = use(pool, 'usable');
  assert.notEqual(second, first);
  assert.notEqual(second.id, first.id);
  assert.equal(pool.size, 1);
});

test('three points retire a session; a success heals half a point', () => {
  const { pool } = openPool();
  const first = use(pool, 'unreachable');
  for (const outcome of ['timeout', 'usable', 'final', 'unreadable'] as const) assert.equal(use(pool, outcome), first);
  assert.equal(first.errors, 2);
  assert.equal(use(pool, null), first);
  assert.equal(use(pool, 'timeout'), first);
  assert.notEqual(use(pool, 'usable'), first);
});

test('the score does not go below nothing', () => {
  const { pool } = openPool();
  const first = use(pool, 'usable');
  for (let i = 0; i < 5; i += 1) use(pool, 'usable');
  assert.equal(first.errors, 0);
});

test('uses and age are limited', () => {
  const { pool, clock } = openPool({ maxUses: 3, maxAgeMs: 1000 });
  const first = use(pool, 'usable');
  use(pool, 'usable');
  assert.equal(use(pool, 'usable'), first);
  const second = use(pool, 'usable');
  assert.notEqual(second, first);
  clock.now = 999;
  assert.equal(use(pool, 'usable'), second);
  clock.now = 1000;
  assert.notEqual(use(pool, 'usable'), second);
});

test('a fresh session has never been used', () => {
  const { pool } = openPool();
  const first = use(pool, 'usable');
  const fresh = use(pool, 'usable', true);
  assert.notEqual(fresh, first);
  assert.equal(pool.size, 2);
});

test('sessions are not shared over marketplaces, tiers, languages or exit countries', () => {
  const { pool } = openPool();
  const first = use(pool, 'usable');
  for (const other of [
    { ...KEY, domain: 'com', language: 'en_US' },
    { ...KEY, tier: 'premium' },
    { ...KEY, language: 'en_GB' },
    { ...KEY, country: 'DE' },
  ] as const) {
    assert.notEqual(use(pool, 'usable', false, other), first);
  }
  assert.equal(use(pool, 'usable'), first);
});

test('requests at once get sessions of their own while there is room, then share the least busy', () => {
  const { pool } = openPool({ perKey: 3 });
  const busy = Array.from({ length: 9 }, () => pool.acquire(KEY, false));
  assert.equal(new Set(busy).size, 3);
  assert.deepEqual(new Set(busy.map((session) => session.inFlight)), new Set([3]));
  assert.equal(pool.size, 3);
});

test('the pool stays bounded: per key, in all, and when everything is busy a fresh session is not kept', () => {
  const { pool, clock } = openPool({ perKey: 2, total: 3 });
  const busy = [pool.acquire(KEY, true), pool.acquire(KEY, true)];
  const extra = pool.acquire(KEY, true);
  assert.ok(!busy.includes(extra));
  assert.equal(pool.size, 2);
  extra.end('usable');
  for (const session of busy) session.end('usable');
  // The session of the key that has been idle longest makes room.
  clock.now = 10;
  busy[0]?.begin(10);
  busy[0]?.end('usable');
  use(pool, 'usable', true);
  assert.equal(pool.size, 2);
  for (let i = 0; i < 10; i += 1) use(pool, 'usable', true, { ...KEY, tier: `tier${i}` });
  assert.equal(pool.size, 3);
});

test('each identity is one coherent browser', () => {
  for (const { name, headers } of IDENTITIES) {
    const sent = headers('de_DE');
    const agent = sent['user-agent'] ?? '';
    const hints = sent['sec-ch-ua'];
    assert.equal(sent['accept-encoding'], 'gzip, deflate, br, zstd', name);
    assert.equal(sent['accept-language'], 'de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', name);
    const version = /(?:Chrome|Firefox)\/(\d+)/.exec(agent)?.[1];
    assert.ok(version !== undefined, name);
    if (agent.includes('Firefox')) {
      assert.equal(hints, undefined);
      assert.ok(agent.includes(`rv:${version}.0`));
    } else {
      assert.ok(hints?.includes(`"Chromium";v="${version}"`), name);
      assert.equal(agent.includes('Edg/'), hints?.includes('Microsoft Edge'), name);
      assert.equal(agent.includes('Windows'), sent['sec-ch-ua-platform'] === '"Windows"', name);
    }
  }
  assert.equal(acceptLanguage('en_GB'), 'en-GB,en;q=0.9');
});

test('language and currency are asked for by the cookies of each marketplace', () => {
  assert.deepEqual(preferenceCookies('com', 'es_US'), [
    ['lc-main', 'es_US'],
    ['i18n-prefs', 'USD'],
  ]);
  const names = Object.fromEntries(DOMAINS.map((domain) => [domain, preferenceCookies(domain, 'en_GB')[0]?.[0]]));
  assert.deepEqual(
    [names['de'], names['co.uk'], names['co.jp'], names['com.br'], names['com.tr'], names['in']],
    ['lc-acbde', 'lc-acbuk', 'lc-acbjp', 'lc-acbbr', 'lc-acbtr', 'lc-acbin'],
  );
  for (const { domain, languages, currency, host } of MARKETPLACES) {
    const header = new SiteCookies(domain, languages[0]).cookieHeader(new URL(`https://${host}/dp/B000000000`));
    assert.ok(header?.includes(`=${languages[0]}`), domain);
    assert.ok(header?.includes(`i18n-prefs=${currency}`), domain);
  }
});

test("cookies are the marketplace's own, whatever the origin is", () => {
  const cookies = new SiteCookies('de', 'de_DE');
  const origin = new URL('http://127.0.0.1:9100/de/dp/B000000000');
  cookies.keepCookies(origin, [
    'session-id=1; Domain=.amazon.de; Path=/; Secure; HttpOnly',
    'plain=2; Path=/',
    'lc-acbde=en_GB; Domain=.amazon.de; Path=/',
    'foreign=3; Domain=.example.com',
    'suffix=4; Domain=.de',
    'local=5; Domain=127.0.0.1',
  ]);
  const sent = cookies.cookieHeader(origin)?.split('; ').sort();
  assert.deepEqual(sent, ['i18n-prefs=EUR', 'lc-acbde=en_GB', 'plain=2', 'session-id=1']);
  cookies.keepCookies(origin, ['plain=; Max-Age=0; Path=/']);
  assert.ok(!cookies.cookieHeader(origin)?.includes('plain'));
});

test('a jar stays bounded and sends nothing that is no header', () => {
  const cookies = new SiteCookies('de', 'de_DE');
  for (let i = 0; i < 200; i += 1) cookies.keepCookies(PAGE, [`c${i}=${'x'.repeat(1000)}`]);
  cookies.keepCookies(PAGE, ['', '=', ';', `long=${'x'.repeat(5000)}`, 'bad=\u0000\r\nInjected: 1', 'odd=\u{1f36a}']);
  const header = cookies.cookieHeader(PAGE) ?? '';
  assert.ok(header.length < 20_000, `${header.length} bytes of cookies`);
  assert.ok(header.includes('c0='));
  assert.ok(!header.includes('long='));
  assert.doesNotMatch(header, /[\r\n\0]|Injected/);
  // What is there can still change.
  cookies.keepCookies(PAGE, ['c0=new']);
  assert.ok(cookies.cookieHeader(PAGE)?.includes('c0=new'));
});
