import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer, type Address } from '../src/policy/pacer.ts';
import { PACE_RULES } from '../src/policy/rules.ts';
import { SimulatedTime } from './helpers/simulation.ts';

/** A marketplace that shows block pages above a rate that nobody is told, asked by callers who want more. */

const never = new AbortController().signal;
const ADDRESS: Address = { domain: 'com', tier: 'direct', exit: 'direct' };
const MINUTE = 60_000;

interface World {
  /** Requests a second that the marketplace bears. */
  readonly hidden: number;
  /** How many more it bears at once. */
  readonly burst: number;
  /** Requests a second that callers bring. */
  readonly demand: number;
  readonly seed: number;
  /** Share that it blocks whatever the rate; default: none. */
  readonly whim?: number;
}

interface Minutes {
  readonly passesPerSecond: number;
  readonly blockShare: number;
}

function simulate({ hidden: first, burst, demand, seed, whim = 0 }: World) {
  const time = new SimulatedTime(seed);
  const pacer = new Pacer(time, PACE_RULES);
  let hidden = first;
  let tokens = burst;
  let filledAt = time.now();
  let passes = 0;
  let blocks = 0;
  const bears = (): boolean => {
    tokens = Math.min(burst, tokens + ((time.now() - filledAt) / 1000) * hidden);
    filledAt = time.now();
    if (tokens < 1 || time.random() < whim) return false;
    tokens -= 1;
    return true;
  };
  const request = async (): Promise<void> => {
    const entry = await pacer.enter(ADDRESS, never, time.now() + 10_000);
    if (entry === 'late') return;
    const startedAt = time.now();
    const isBorne = bears();
    // An answer takes 0.6 to 2.6 s: so late does the pacer learn what it was.
    time.after(600 + time.random() * 2000, () => {
      if (isBorne) passes += 1;
      else blocks += 1;
      const outcome = isBorne ? 'pass' : 'block_page';
      pacer.report(ADDRESS, { outcome, startedAt, wasHeldBack: entry === 'after_wait', retryAfterMs: null });
    });
  };
  const arrive = (): void => {
    void request();
    time.after((-Math.log(1 - time.random()) / demand) * 1000, arrive);
  };
  arrive();
  return {
    pacer,
    setHidden(rate: number): void {
      hidden = rate;
    },
    async minutes(n: number): Promise<Minutes> {
      passes = 0;
      blocks = 0;
      await time.pass(n * MINUTE);
      return { passesPerSecond: passes / (n * 60), blockShare: blocks / Math.max(1, passes + blocks) };
    },
  };
}

for (const [hidden, burst, demand] of [
  [3, 3, 15],
  [10, 5, 30],
  [40, 10, 60],
] as const) {
  test(`a marketplace that bears ${hidden} a second: under 1 % blocked at nearly all that it bears`, async (t) => {
    const world = simulate({ hidden, burst, demand, seed: hidden });
    const learning = await world.minutes(3);
    const settled = await world.minutes(hidden > 20 ? 4 : 10);
    t.diagnostic(`learning ${show(learning)}; settled ${show(settled)}`);
    assert.ok(settled.blockShare < 0.01, show(settled));
    assert.ok(settled.passesPerSecond > 0.9 * hidden, show(settled));
    assert.ok(settled.passesPerSecond <= hidden * 1.01, show(settled));
  });
}

test('a marketplace that becomes more generous, and then less, is followed both ways', async (t) => {
  const world = simulate({ hidden: 10, burst: 5, demand: 40, seed: 1 });
  await world.minutes(4);
  world.setHidden(30);
  await world.minutes(5);
  const generous = await world.minutes(4);
  world.setHidden(5);
  await world.minutes(3);
  const strict = await world.minutes(6);
  t.diagnostic(`at 30 a second ${show(generous)}; at 5 a second ${show(strict)}`);
  assert.ok(generous.blockShare < 0.01 && generous.passesPerSecond > 27, show(generous));
  assert.ok(strict.blockShare < 0.01 && strict.passesPerSecond > 4.5, show(strict));
});

test('a marketplace that blocks one in a hundred whatever the rate is not asked ever more slowly', async (t) => {
  const world = simulate({ hidden: 20, burst: 10, demand: 30, seed: 4, whim: 0.01 });
  await world.minutes(8);
  const settled = await world.minutes(4);
  t.diagnostic(show(settled));
  assert.ok(settled.passesPerSecond > 6, show(settled));
});

test('a caller who brings less than is borne is never held back for long', async () => {
  const world = simulate({ hidden: 20, burst: 10, demand: 5, seed: 3 });
  const quiet = await world.minutes(10);
  assert.ok(quiet.blockShare < 0.01 && quiet.passesPerSecond > 4.5, show(quiet));
});

test('without pacing most of the same requests are blocked: the model can tell the difference', () => {
  let tokens = 5;
  let blocked = 0;
  for (let i = 0; i < 6000; i += 1) {
    tokens = Math.min(5, tokens + 10 / 100);
    if (tokens < 1) blocked += 1;
    else tokens -= 1;
  }
  assert.ok(blocked / 6000 > 0.85);
});

const show = ({ passesPerSecond, blockShare }: Minutes): string =>
  `${passesPerSecond.toFixed(2)} a second, ${(100 * blockShare).toFixed(2)} % blocked`;
