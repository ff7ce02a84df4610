import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { createEgress, createUndiciTransport, type Egress, type ExitRow, type Tier } from '../src/index.ts';
import { countriesOf } from '../src/exits.ts';
import { byText, productAt, verdicts } from './helpers/egress.ts';
import { startHttpProxy, startSocksProxy } from './helpers/proxies.ts';
import { startHttp, startTcp, until } from './helpers/servers.ts';

/** The whole egress through real proxies on loopback. */

const POLICY = { maxAttempts: 5, budgetMs: 10_000, attemptTimeoutMs: 5000, maxBytes: 100_000, maxConcurrent: 50 };

interface TierOf {
  readonly name: string;
  /** Proxies, with the countries they exit in. */
  readonly proxies: readonly (readonly [string, ExitRow['countries']])[];
}

function tierOf({ name, proxies }: TierOf, connectTimeoutMs = 5000): Tier {
  const [first, ...others] = proxies.map(([proxy, countries], i): ExitRow => ({
    id: `${name}#${i + 1}`,
    countries,
    proxy,
  }));
  if (first === undefined) throw new Error('no proxy');
  const exits = [first, ...others] as const;
  return { name, transport: createUndiciTransport({ connectTimeoutMs }), exitCountries: countriesOf(exits), exits };
}

function open(t: TestContext, ...[first, ...others]: [Tier, ...Tier[]]): Egress {
  const sleep = (): Promise<void> => Promise.resolve();
  // Without politeness: these tests are about the ways out, and wait for nothing.
  const egress = createEgress({ tiers: [first, ...others], policy: POLICY, sleep, rules: { pace: null } });
  t.after(() => egress.close());
  return egress;
}

const direct = (name = 'direct'): Tier => ({ name, transport: createUndiciTransport(), exitCountries: null });

test('blocks lead from tier to tier: direct, an HTTP proxy, a SOCKS5 proxy', async (t) => {
  const datacenter = await startHttpProxy(t);
  const residential = await startSocksProxy(t);
  const server = await startHttp(t, (_request, response) =>
    response.end(residential.users().length > 0 ? 'product' : 'captcha'),
  );
  const egress = open(
    t,
    direct(),
    tierOf({ name: 'datacenter', proxies: [[datacenter.as('dc'), ['DE']]] }),
    tierOf({ name: 'residential', proxies: [[residential.as('cc-{country}-{session}'), ['FR', 'DE']]] }),
  );
  const { attempts, outcome } = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(outcome.ok);
  assert.deepEqual(
    attempts.map(({ tier, exit_country, verdict }) => [tier, exit_country, verdict]),
    [
      ['direct', null, 'captcha'],
      ['datacenter', 'DE', 'captcha'],
      ['residential', 'DE', 'product'],
    ],
  );
  assert.deepEqual(datacenter.users(), ['dc']);
  assert.match(residential.users()[0] ?? '', /^cc-de-[0-9a-z]{10}$/);
  assert.doesNotMatch(
    inspect({ attempts, outcome, stats: [egress.stats(), egress.sessionStats()] }, { depth: 9 }),
    /secret|cc-de/,
  );
});

test('a dead proxy of a list costs one attempt, and is left alone afterwards', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('product'));
  const alive = await startHttpProxy(t);
  const dead = await startTcp(t, (socket) => socket.resetAndDestroy());
  const tier = tierOf({
    name: 'list',
    proxies: [
      [dead.url, null],
      [alive.as('u'), null],
    ],
  });
  const egress = open(t, tier);
  const made = await Promise.all(
    Array.from({ length: 20 }, () => egress.fetch({ target: productAt(server.url), judge: byText })),
  );
  assert.ok(made.every(({ outcome }) => outcome.ok));
  assert.deepEqual(egress.sessionStats().coolingExits, ['list#1']);
  const before = dead.accepted();
  assert.ok(before > 0);
  for (let i = 0; i < 10; i += 1) {
    const { attempts } = await egress.fetch({ target: productAt(server.url), judge: byText });
    assert.deepEqual(verdicts(attempts), ['product']);
  }
  assert.equal(dead.accepted(), before);
});

test('a proxy that answers 407, one that hangs and one that refuses the tunnel: the reason, and no credential', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('product'));
  const proxy = await startHttpProxy(t);
  const hanging = await startSocksProxy(t, { hangs: true });
  const refusing = await startHttpProxy(t, { refuses: 503 });
  for (const [url, reason] of [
    [proxy.url.replace('://', '://user-x:hunter2@'), 'proxy_407'],
    [hanging.as('user-x'), 'proxy_timeout'],
    [refusing.as('user-x'), 'proxy_503'],
  ] as const) {
    const egress = open(
      t,
      tierOf({ name: 'proxied', proxies: [[url, ['DE']]] }, reason === 'proxy_timeout' ? 20 : 5000),
    );
    const result = await egress.fetch({ target: productAt(server.url), judge: byText });
    assert.ok(!result.outcome.ok);
    assert.equal(result.outcome.code, 'target_unreachable');
    assert.ok(result.attempts.length > 1);
    for (const { verdict, error, exit_country, status } of result.attempts)
      assert.deepEqual([verdict, error, exit_country, status], ['proxy', reason, 'DE', null]);
    assert.doesNotMatch(
      inspect([result, egress.stats(), egress.sessionStats()], { depth: 9 }),
      /hunter2|user-x|secret/,
    );
  }
  assert.equal(server.accepted(), 0);
});

test('a country is served by the exits that are there, in any tier, or not at all', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('product'));
  const german = await startHttpProxy(t);
  const american = await startHttpProxy(t);
  const gateway = await startSocksProxy(t);
  const egress = open(
    t,
    tierOf({
      name: 'list',
      proxies: [
        [german.as('de'), ['DE']],
        [american.as('us'), ['US']],
      ],
    }),
    tierOf({ name: 'gateway', proxies: [[gateway.as('cc-{COUNTRY}'), ['FR', 'US']]] }),
  );
  const from = async (country: string | null): Promise<unknown> => {
    const { attempts, outcome } = await egress.fetch({ target: productAt(server.url, { country }), judge: byText });
    return outcome.ok ? attempts.map(({ tier, exit_country }) => [tier, exit_country]) : outcome.code;
  };
  assert.deepEqual(await from('DE'), [['list', 'DE']]);
  assert.deepEqual(await from('US'), [['list', 'US']]);
  assert.deepEqual(await from('FR'), [['gateway', 'FR']]);
  assert.equal(await from('JP'), 'forbidden_region');
  assert.deepEqual([german.users(), american.users(), gateway.users()], [['de'], ['us'], ['cc-FR']]);
  assert.deepEqual(
    ['DE', 'US', 'FR', 'JP'].map((country) => egress.hasExit(country)),
    [true, true, true, false],
  );
});

test('a tier is only for its plans', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('captcha'));
  const proxy = await startHttpProxy(t);
  const dear: Tier = { ...tierOf({ name: 'dear', proxies: [[proxy.as('u'), ['DE']]] }), plans: ['pro'] };
  const egress = open(t, direct(), dear);
  const free = await egress.fetch({ target: productAt(server.url), judge: byText, plan: 'free' });
  assert.deepEqual(new Set(free.attempts.map(({ tier }) => tier)), new Set(['direct']));
  const pro = await egress.fetch({ target: productAt(server.url), judge: byText, plan: 'pro' });
  assert.ok(pro.attempts.some(({ tier }) => tier === 'dear'));
  const far = { target: productAt(server.url, { country: 'DE' }), judge: byText };
  const refused = await egress.fetch({ ...far, plan: 'vibe' });
  assert.ok(!refused.outcome.ok);
  assert.equal(refused.outcome.code, 'forbidden_region');
  assert.deepEqual([egress.hasExit('DE', 'vibe'), egress.hasExit('DE', 'pro')], [false, true]);
});

test('a session keeps its exit, its name there and its cookies; a retired one gives way to another', async (t) => {
  const seen: IncomingMessage[] = [];
  const answers: string[] = [];
  const server = await startHttp(t, (request, response) => {
    seen.push(request);
    if (request.headers.cookie?.includes('visit=') !== true) response.setHeader('set-cookie', `visit=${seen.length}`);
    response.end(answers.shift() ?? 'product');
  });
  const proxy = await startSocksProxy(t);
  const egress = open(t, tierOf({ name: 'sticky', proxies: [[proxy.as('s-{session}'), null]] }));
  const get = () => egress.fetch({ target: productAt(server.url), judge: byText });
  for (let i = 0; i < 5; i += 1) await get();
  const visits = (): (string | undefined)[] => seen.map(({ headers }) => /visit=\d+/.exec(headers.cookie ?? '')?.[0]);
  assert.deepEqual(visits(), [undefined, 'visit=1', 'visit=1', 'visit=1', 'visit=1']);
  assert.equal(new Set(seen.map(({ headers }) => headers['user-agent'])).size, 1);
  assert.equal(new Set(proxy.users()).size, 1);
  // A block is made good by a fresh session, which has a name of its own at the proxy; the next request has a clean one.
  const [first] = proxy.users();
  answers.push('captcha', 'product');
  await get();
  const names = (): Set<string> => new Set(proxy.users());
  assert.equal(names().size, 2);
  assert.notEqual(proxy.users().at(-1), first);
  await get();
  assert.equal(names().size, 2);
  assert.equal(visits().at(-1), 'visit=7', 'the session of the page was not used again');
});

test('three blocks retire a session', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('captcha'));
  const proxy = await startHttpProxy(t);
  const tier = tierOf({ name: 'sticky', proxies: [[proxy.as('s-{session}'), null]] });
  // One attempt each, so that no fresh session comes in between.
  const egress = createEgress({ tiers: [tier], policy: { ...POLICY, maxAttempts: 1 }, rules: { pace: null } });
  t.after(() => egress.close());
  const users: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    await egress.fetch({ target: productAt(server.url), judge: byText });
    users.push(new Set(proxy.users()).size);
  }
  assert.deepEqual(users, [1, 1, 1, 2, 2, 2, 3]);
  assert.equal(egress.sessionStats().dropped.errors, 2);
});

test('tiers are replaced while requests are in flight: those finish on the old ones, whose sockets are closed then', async (t) => {
  let answer: (() => void) | null = null;
  const server = await startHttp(t, (_request, response) => {
    if (answer === null) answer = () => response.end('product');
    else response.end('product');
  });
  const old = await startHttpProxy(t);
  const next = await startHttpProxy(t);
  const oldTier = tierOf({ name: 'proxied', proxies: [[old.as('old'), ['DE']]] });
  const egress = open(t, oldTier);
  const pending = egress.fetch({ target: productAt(server.url), judge: byText });
  await until(() => answer !== null, 'the request to arrive');
  egress.replaceTiers([tierOf({ name: 'proxied', proxies: [[next.as('new'), ['US']]] })]);
  assert.deepEqual([egress.hasExit('DE'), egress.hasExit('US')], [false, true]);
  const after = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.equal(after.attempts[0]?.exit_country, 'US');
  assert.equal(old.open(), 1);
  (answer as (() => void) | null)?.();
  const { outcome, attempts } = await pending;
  assert.ok(outcome.ok);
  assert.equal(attempts[0]?.exit_country, 'DE');
  await until(() => old.open() === 0, 'the old connections to be closed');
  assert.equal(oldTier.transport.openSockets?.(), 0);
  assert.deepEqual([old.users(), next.users()], [['old'], ['new']]);
  assert.throws(() => egress.replaceTiers([direct('a'), direct('a')]), RangeError);
  assert.equal(egress.hasExit('US'), true);
});
