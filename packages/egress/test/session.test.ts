import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAINS, MARKETPLACES, type Verdict } from '@asa/contract';
import type { ExitRow, Tier, Transport } from '../src/index.ts';
import { preferenceCookies, SiteCookies } from '../src/session/cookies.ts';
import { acceptLanguage, IDENTITIES } from '../src/session/identity.ts';
import { POOL_LIMITS, SessionPool, type SessionKey } from '../src/session/pool.ts';
import type { Session } from '../src/session/session.ts';

const transport: Transport = { fetch: () => Promise.reject(new Error('not called')), close: async () => {} };
const DIRECT: Tier = { name: 'direct', transport, exitCountries: null };
/** Under the same name, as a tier that exits everywhere. */
const EVERYWHERE: Tier = { ...DIRECT, exitCountries: 'any' };
const KEY: SessionKey = { domain: 'de', tier: DIRECT, language: 'de_DE', country: null };
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

const use = (pool: SessionPool, outcome: Verdict | null, fresh = false, key = KEY): Session => {
  const session = pool.acquire(key, fresh);
  session.end(outcome);
  return session;
};

test('a session is used again after a success, and gone after three blocks', () => {
  const { pool } = openPool();
  const first = use(pool, 'product');
  for (const verdict of ['captcha', 'waf', 'sign_in'] as const) assert.equal(use(pool, verdict), first);
  const second = use(pool, 'product');
  assert.notEqual(second, first);
  assert.notEqual(second.id, first.id);
  assert.equal(pool.size, 1);
  assert.equal(pool.stats().dropped.errors, 1);
});

test('three points retire a session; a success heals half a point', () => {
  const { pool } = openPool();
  const first = use(pool, 'connection');
  for (const outcome of ['timeout', 'product', 'not_found', 'unknown'] as const)
    assert.equal(use(pool, outcome), first);
  assert.equal(first.errors, 2);
  assert.equal(use(pool, null), first);
  assert.equal(use(pool, 'timeout'), first);
  assert.notEqual(use(pool, 'product'), first);
});

test('the score does not go below nothing', () => {
  const { pool } = openPool();
  const first = use(pool, 'product');
  for (let i = 0; i < 5; i += 1) use(pool, 'product');
  assert.equal(first.errors, 0);
});

test('uses and age are limited', () => {
  const { pool, clock } = openPool({ maxUses: 3, maxAgeMs: 1000 });
  const first = use(pool, 'product');
  use(pool, 'product');
  assert.equal(use(pool, 'product'), first);
  const second = use(pool, 'product');
  assert.notEqual(second, first);
  clock.now = 999;
  assert.equal(use(pool, 'product'), second);
  clock.now = 1000;
  assert.notEqual(use(pool, 'product'), second);
});

test('a fresh session has never been used', () => {
  const { pool } = openPool();
  const first = use(pool, 'product');
  const fresh = use(pool, 'product', true);
  assert.notEqual(fresh, first);
  assert.equal(pool.size, 2);
});

test('sessions are not shared over marketplaces, tiers, languages or exit countries', () => {
  const { pool } = openPool();
  const first = use(pool, 'product');
  for (const other of [
    { ...KEY, domain: 'com', language: 'en_US' },
    { ...KEY, tier: { ...DIRECT, name: 'premium' } },
    { ...KEY, language: 'en_GB' },
    { ...KEY, tier: EVERYWHERE, country: 'DE' },
  ] as const) {
    assert.notEqual(use(pool, 'product', false, other), first);
  }
  assert.equal(use(pool, 'product'), first);
});

test('requests at once get sessions of their own while there is room, then share the least busy', () => {
  const { pool } = openPool({ perGroup: 3 });
  const busy = Array.from({ length: 9 }, () => pool.acquire(KEY, false));
  assert.equal(new Set(busy).size, 3);
  assert.deepEqual(new Set(busy.map((session) => session.inFlight)), new Set([3]));
  assert.equal(pool.size, 3);
});

test('the pool stays bounded: per group, in all, and when everything is busy a fresh session is not kept', () => {
  const { pool, clock } = openPool({ perGroup: 2, total: 3 });
  const busy = [pool.acquire(KEY, true), pool.acquire(KEY, true)];
  const extra = pool.acquire(KEY, true);
  assert.ok(!busy.includes(extra));
  assert.equal(pool.size, 2);
  extra.end('product');
  for (const session of busy) session.end('product');
  // The session of the group that has been idle longest makes room.
  clock.now = 10;
  busy[0]?.begin(10);
  busy[0]?.end('product');
  use(pool, 'product', true);
  assert.equal(pool.size, 2);
  for (let i = 0; i < 10; i += 1) use(pool, 'product', true, { ...KEY, tier: { ...DIRECT, name: `tier${i}` } });
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

const rows = (...proxies: string[]): [ExitRow, ...ExitRow[]] => {
  const [first, ...others] = proxies.map((proxy, i): ExitRow => ({ id: `list#${i + 1}`, countries: null, proxy }));
  if (first === undefined) throw new Error('no proxy');
  return [first, ...others];
};
const LIST: Tier = { ...DIRECT, name: 'list', exits: rows('http://a.example:1', 'http://b.example:1') };

test('new sessions are spread over the exits of a list, and pass over those that are busy', () => {
  const { pool } = openPool();
  const key = { ...KEY, tier: LIST };
  const taken = Array.from({ length: 6 }, () => pool.acquire(key, true).exit.id);
  assert.deepEqual(taken.filter((id) => id === 'list#1').length, 3);
  const busy = pool.acquire(key, true, (id) => id === 'list#1').exit.id;
  assert.equal(busy, 'list#2');
  // When all are busy one is taken all the same: the caller decides whether to wait.
  assert.ok(pool.acquire(key, true, () => true).exit.id.startsWith('list#'));
});

test('a session ends with its proxy, whose exit is left alone for a while and comes back', () => {
  const { pool, clock } = openPool();
  const key = { ...KEY, tier: LIST };
  const first = use(pool, 'proxy', false, key);
  const others = Array.from({ length: 5 }, () => use(pool, 'product', true, key));
  for (const { exit } of others) assert.notEqual(exit.id, first.exit.id);
  assert.deepEqual(pool.stats().coolingExits, [first.exit.id]);
  clock.now = 5000;
  assert.deepEqual(pool.stats().coolingExits, []);
  const again = pool.acquire(key, true);
  assert.equal(again.exit.id, first.exit.id);
  // Failing in a row, it is left alone for twice as long.
  again.end('proxy');
  clock.now = 14_999;
  assert.deepEqual(pool.stats().coolingExits, [first.exit.id]);
  clock.now = 15_000;
  use(pool, 'product', true, key);
  assert.deepEqual(pool.stats().coolingExits, []);
});

test('when every exit is left alone, the one that comes back first is tried', () => {
  const { pool, clock } = openPool();
  const key = { ...KEY, tier: LIST };
  const first = use(pool, 'proxy', true, key);
  clock.now = 100;
  const second = use(pool, 'proxy', true, key);
  assert.notEqual(second.exit.id, first.exit.id);
  assert.equal(pool.acquire(key, false).exit.id, first.exit.id);
});

test('a gateway exits in the country asked for, else in that of the marketplace; each session has its own name there', () => {
  const { pool } = openPool();
  const proxy = 'http://cc-{country}-{COUNTRY}-s-{session}:pw@gw.example:7';
  const gateway = (countries: ExitRow['countries']): Tier => ({
    ...DIRECT,
    name: 'gateway',
    exitCountries: countries,
    exits: [{ id: 'gw', countries, proxy }],
  });
  const asked = pool.acquire({ ...KEY, tier: gateway('any'), country: 'US' }, false);
  assert.deepEqual([asked.exit.id, asked.exit.country], ['gw/US', 'US']);
  assert.equal(asked.exit.proxy, `http://cc-us-US-s-${asked.id}:pw@gw.example:7`);
  assert.match(asked.id, /^[0-9a-z]{10}$/);
  const unasked = pool.acquire({ ...KEY, tier: gateway(['FR', 'DE']) }, false);
  assert.deepEqual([unasked.exit.id, unasked.exit.country], ['gw/DE', 'DE']);
  const elsewhere = pool.acquire({ ...KEY, domain: 'co.jp', tier: gateway(['FR', 'IT']) }, false);
  assert.ok(['FR', 'IT'].includes(elsewhere.exit.country ?? ''));
  assert.throws(() => pool.acquire({ ...KEY, tier: gateway(['FR']), country: 'DE' }, false), RangeError);
});

test('a session made for other settings of its tier is not used, and those of a tier that is gone are dropped', () => {
  const { pool } = openPool();
  const first = use(pool, 'product', false, { ...KEY, tier: LIST });
  assert.equal(use(pool, 'product', false, { ...KEY, tier: { ...LIST } }), first);
  const changed: Tier = { ...LIST, exits: rows('http://c.example:1') };
  assert.notEqual(use(pool, 'product', false, { ...KEY, tier: changed }), first);
  assert.equal(pool.stats().dropped.exit, 1);
  use(pool, 'product');
  pool.keepOnly([DIRECT]);
  assert.deepEqual(
    pool.stats().groups.map(({ tier }) => tier),
    ['direct'],
  );
  assert.equal(pool.size, 1);
});

test('a tier that imitates browsers gets sessions that are those', () => {
  const { pool } = openPool();
  const fingerprints = ['firefox144'];
  const tier: Tier = { ...DIRECT, name: 'imitating', transport: { ...transport, fingerprints } };
  for (let i = 0; i < 10; i += 1) {
    const session = pool.acquire({ ...KEY, tier }, true);
    assert.equal(session.fingerprint, 'firefox144');
    assert.match(session.headers['user-agent'] ?? '', /Firefox\/144\.0$/);
  }
});

test('what the pool tells of itself', () => {
  const { pool } = openPool({ maxUses: 2 });
  pool.acquire(KEY, false);
  use(pool, 'product', false, { ...KEY, language: 'en_GB' });
  use(pool, 'product', false, { ...KEY, tier: EVERYWHERE, country: 'FR' });
  assert.deepEqual(pool.stats(), {
    kept: 3,
    busy: 1,
    made: 3,
    dropped: { errors: 0, age: 0, uses: 0, room: 0, exit: 0 },
    coolingExits: [],
    groups: [
      { domain: 'de', tier: 'direct', country: null, kept: 2, busy: 1 },
      { domain: 'de', tier: 'direct', country: 'FR', kept: 1, busy: 0 },
    ],
  });
  // One of the group is spent, though it is in use: it ends by itself.
  pool.acquire({ ...KEY, language: 'en_GB' }, false);
  use(pool, 'product');
  assert.deepEqual([pool.stats().dropped.uses, pool.size], [1, 3]);
});

test('attempts in a row that bring nothing make a proxy suspect; an answer clears it, and those that we cut say nothing', () => {
  const { pool } = openPool();
  const tier: Tier = { ...LIST, exits: rows('http://a.example:1') };
  const key = { ...KEY, tier };
  for (const verdict of ['timeout', 'connection', 'captcha', 'timeout', 'tls', 'caller_gone'] as const)
    use(pool, verdict, true, key);
  assert.deepEqual(pool.stats().coolingExits, []);
  use(pool, 'timeout', true, key);
  assert.deepEqual(pool.stats().coolingExits, ['list#1']);
  use(pool, 'not_found', true, key);
  assert.deepEqual(pool.stats().coolingExits, []);
  // Without a proxy there is nothing to suspect.
  for (let i = 0; i < 5; i += 1) use(pool, 'timeout', true);
  assert.deepEqual(pool.stats().coolingExits, []);
});

test('a tier may have limits of its own for its sessions', () => {
  const { pool, clock } = openPool();
  const key = { ...KEY, tier: { ...DIRECT, sessionLimits: { maxUses: 2, maxAgeMs: 100 } } };
  const first = use(pool, 'product', false, key);
  assert.equal(use(pool, 'product', false, key), first);
  const second = use(pool, 'product', false, key);
  assert.notEqual(second, first);
  clock.now = 100;
  assert.notEqual(use(pool, 'product', false, key), second);
  assert.deepEqual([pool.stats().dropped.uses, pool.stats().dropped.age], [1, 1]);
});
