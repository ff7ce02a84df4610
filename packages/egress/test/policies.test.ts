import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import {
  BREAKER_RULES,
  createEgress,
  createUndiciTransport,
  PACE_RULES,
  type Egress,
  type EgressOptions,
  type Tier,
} from '../src/index.ts';
import { byText, productAt, verdicts } from './helpers/egress.ts';
import { startHttp, until } from './helpers/servers.ts';

/** What requests learn for those after them, over real sockets. The tier shows in a header; time moves when the test says so. */

const POLICY = { maxAttempts: 4, budgetMs: 45_000, attemptTimeoutMs: 5000, maxBytes: 1000, maxConcurrent: 50 };

interface Scene {
  readonly egress: Egress;
  readonly clock: { now: number };
  readonly answers: Record<string, { text: string; status?: number; retryAfter?: string }>;
  readonly seen: string[];
  ask(more?: {
    plan?: 'free' | 'pro';
    budgetMs?: number;
  }): Promise<{ tiers: string[]; verdicts: string[]; code: string }>;
}

async function scene(
  t: TestContext,
  tiers: Readonly<Record<string, Partial<Tier>>>,
  options: Partial<EgressOptions> = {},
): Promise<Scene> {
  const clock = { now: 1_700_000_000_000 };
  const answers: Scene['answers'] = {};
  const seen: string[] = [];
  const server = await startHttp(t, (request, response) => {
    const tier = String(request.headers['x-tier']);
    seen.push(tier);
    const { text, status = 200, retryAfter } = answers[tier] ?? { text: 'product' };
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end(text);
  });
  const transport = createUndiciTransport();
  const made = Object.entries(tiers).map(([name, more]): Tier => ({
    name,
    transport,
    exitCountries: null,
    headersFor: () => ({ 'x-tier': name }),
    ...more,
  }));
  const [first, ...others] = made;
  assert.ok(first !== undefined);
  const egress = createEgress({
    tiers: [first, ...others],
    policy: POLICY,
    now: () => clock.now,
    // Waits between attempts take no time at all, so that the pace of the exits alone decides.
    sleep: () => Promise.resolve(),
    ...options,
  });
  t.after(() => egress.close());
  return {
    egress,
    clock,
    answers,
    seen,
    async ask(more = {}) {
      const { attempts, outcome } = await egress.fetch({ target: productAt(server.url), judge: byText, ...more });
      return {
        tiers: attempts.map(({ tier }) => tier),
        verdicts: verdicts(attempts),
        code: outcome.ok ? 'ok' : outcome.code,
      };
    },
  };
}

const unpaced = { rules: { pace: null } };

test('a tier that is blocked too often is skipped for a while, probed, and used again when it recovers', async (t) => {
  const { egress, clock, answers, ask } = await scene(t, { cheap: {}, dear: {} }, unpaced);
  answers['cheap'] = { text: 'captcha' };
  for (let i = 0; i < BREAKER_RULES.leastOutcomes; i += 1) {
    assert.deepEqual((await ask()).tiers, ['cheap', 'dear'], `request ${i}`);
  }
  const cheap = () => egress.stats().tiers.find(({ tier }) => tier === 'cheap');
  assert.deepEqual([cheap()?.health, cheap()?.badShare], ['open', 1]);
  assert.deepEqual((await ask()).tiers, ['dear']);
  // Probed and still blocked: one request pays for it, and it stays away for longer.
  clock.now += BREAKER_RULES.firstOpenMs;
  assert.deepEqual((await ask()).tiers, ['cheap', 'dear']);
  assert.deepEqual((await ask()).tiers, ['dear']);
  clock.now += BREAKER_RULES.firstOpenMs;
  assert.deepEqual((await ask()).tiers, ['dear']);
  clock.now += BREAKER_RULES.firstOpenMs;
  answers['cheap'] = { text: 'product' };
  for (let i = 0; i < BREAKER_RULES.probes; i += 1) assert.deepEqual((await ask()).tiers, ['cheap']);
  assert.equal(cheap()?.health, 'closed');
  assert.deepEqual((await ask()).tiers, ['cheap']);
});

test('when every tier is blocked, the least bad one is still tried', async (t) => {
  const { egress, answers, ask } = await scene(t, { only: {} }, unpaced);
  answers['only'] = { text: 'captcha' };
  for (let i = 0; i < 5; i += 1) await ask();
  assert.equal(egress.stats().tiers[0]?.health, 'open');
  answers['only'] = { text: 'product' };
  assert.deepEqual(await ask(), { tiers: ['only'], verdicts: ['product'], code: 'ok' });
});

test('a breaker is of one marketplace', async (t) => {
  const { egress, answers, ask } = await scene(t, { cheap: {}, dear: {} }, unpaced);
  answers['cheap'] = { text: 'captcha' };
  for (let i = 0; i < BREAKER_RULES.leastOutcomes; i += 1) await ask();
  assert.deepEqual((await ask()).tiers, ['dear']);
  const server = await startHttp(t, (_request, response) => response.end('product'));
  const target = productAt(server.url, { domain: 'fr', language: 'fr_FR' });
  const { attempts } = await egress.fetch({ target, judge: byText });
  assert.deepEqual(
    attempts.map(({ tier }) => tier),
    ['cheap'],
  );
});

test('Retry-After of one answer holds its exit for the requests after it, which take another tier or hear when to come back', async (t) => {
  const { egress, clock, answers, seen, ask } = await scene(t, { cheap: {}, dear: { plans: ['pro'] } });
  answers['cheap'] = { text: 'refused', status: 429, retryAfter: '120' };
  assert.deepEqual(await ask({ plan: 'free' }), {
    tiers: ['cheap'],
    verdicts: ['refused'],
    code: 'target_unreachable',
  });
  assert.equal(egress.stats().paces[0]?.heldForMs, 120_000);
  answers['cheap'] = { text: 'product' };
  assert.deepEqual((await ask({ plan: 'pro' })).tiers, ['dear']);
  const before = seen.length;
  const refused = await egress.fetch({ target: productAt('http://127.0.0.1:1/'), judge: byText, plan: 'free' });
  assert.ok(!refused.outcome.ok);
  assert.deepEqual(
    [refused.outcome.code, refused.outcome.retryAfterMs, refused.attempts.length],
    ['capacity', 120_000, 0],
  );
  assert.equal(seen.length, before);
  clock.now += 120_000;
  assert.deepEqual((await ask({ plan: 'free' })).tiers, ['cheap']);
});

test('a request whose turn at a paced exit would come after its time goes to another tier', async (t) => {
  const { egress, clock, answers, ask } = await scene(t, { cheap: {}, dear: {} });
  answers['cheap'] = { text: 'service_unavailable', status: 503 };
  // Each lowers the rate of the exit, until its turns are a second apart.
  for (let i = 0; i < 6; i += 1) {
    clock.now += 2000;
    assert.deepEqual((await ask()).tiers, ['cheap', 'dear']);
  }
  assert.equal(egress.stats().paces.find(({ tier }) => tier === 'cheap')?.perSecond, PACE_RULES.leastPerSecond);
  answers['cheap'] = { text: 'product' };
  clock.now += 2000;
  assert.deepEqual((await ask()).tiers, ['cheap']);
  assert.deepEqual((await ask({ budgetMs: 500 })).tiers, ['dear']);
});

test('the caps of an exit hold: so many at once, so many a second; a busy exit is passed over for a free one', async (t) => {
  const open: (() => void)[] = [];
  const server = await startHttp(t, (_request, response) => open.push(() => response.end('product')));
  const transport = createUndiciTransport();
  const exit = (id: string) => ({ id, countries: null, proxy: null });
  const egress = createEgress({
    tiers: [
      {
        name: 'pool',
        transport,
        exitCountries: null,
        exits: [exit('a'), exit('b')],
        perExit: { concurrency: 1, ratePerSecond: null },
      },
    ],
    policy: POLICY,
  });
  t.after(() => egress.close());
  const target = productAt(server.url);
  const asked = Array.from({ length: 3 }, () => egress.fetch({ target, judge: byText }));
  await until(() => open.length === 2, 'one request at each exit');
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  assert.equal(open.length, 2, 'a third one beside them');
  open.shift()?.();
  await until(() => open.length === 2, 'the third one');
  for (const end of open) end();
  for (const { outcome, attempts } of await Promise.all(asked)) assert.ok(outcome.ok, JSON.stringify(attempts));
  assert.equal(egress.stats().running, 0);

  const rated = await scene(t, { slow: { perExit: { concurrency: null, ratePerSecond: 0.1 } }, dear: {} });
  assert.deepEqual((await rated.ask()).tiers, ['slow']);
  assert.deepEqual((await rated.ask({ budgetMs: 5000 })).tiers, ['dear'], 'ten seconds are too long');
});

test('the trace says how long an attempt waited, and neither it nor the statistics show a credential', async (t) => {
  const time = { now: 1_700_000_000_000 };
  const { egress, answers, ask } = await scene(
    t,
    { only: {} },
    { now: () => time.now, sleep: async (ms) => void (time.now += ms) },
  );
  answers['only'] = { text: 'captcha' };
  const { attempts } = await egress.fetch({ target: productAt('http://u:secret@127.0.0.1:1/'), judge: byText });
  assert.ok((attempts[1]?.wait_ms ?? 0) >= 100, `${attempts[1]?.wait_ms}`);
  await ask();
  assert.doesNotMatch(JSON.stringify([attempts, egress.stats(), egress.sessionStats()]), /secret/);
});

test('a plan uses its own tiers', async (t) => {
  const { egress, ask } = await scene(t, { paid: { plans: ['pro'] }, all: {} });
  assert.deepEqual((await ask({ plan: 'free' })).tiers, ['all']);
  assert.deepEqual((await ask({ plan: 'pro' })).tiers, ['paid']);
  assert.deepEqual(
    [egress.tierNames('free'), egress.tierNames('pro'), egress.tierNames()],
    [['all'], ['paid', 'all'], ['paid', 'all']],
  );
});
