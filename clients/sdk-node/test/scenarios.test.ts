import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { scenarioFile, startScenarios, type Report, type ScenarioServer } from '../../../tools/scenarios/server.ts';
import { columnProblems } from '../../../tools/scenarios/table.ts';
import type { Doing, ExpectedError, Scenario } from '../../../tools/scenarios/types.ts';
import { AmazonScraperAPI, AmazonScraperAPIError } from '../src/index.ts';
import { difference, optionsOf, play, TestClock } from './player.ts';

const file = scenarioFile();
/** What each scenario came to, for the table that shows the clients side by side. */
const outcomes = new Map<string, string>();
let server: ScenarioServer;
before(async () => {
  server = await startScenarios();
});
after(() => server.close());

const report = async (name: string, run: string): Promise<Report> =>
  (await (await fetch(`${server.url}/report/${name}/${run}`)).json()) as Report;

/** Gives the call up when the scenario says so. */
function canceller({ name, cancel }: Scenario, run: string, clock: TestClock): AbortController | undefined {
  if (cancel === undefined) return undefined;
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('enough'));
  if (cancel === 'in_wait') clock.onSleep = abort;
  else
    void (async () => {
      while ((await report(name, run)).calls === 0);
      abort();
    })();
  return controller;
}

function checkError(error: unknown, expected: ExpectedError): void {
  assert.ok(error instanceof AmazonScraperAPIError, `expected ${expected.code}, got ${String(error)}`);
  const { family, code, status, attempts, retryAfterMs } = error;
  const { message_contains: part = '', attempts: tries = attempts, ...rest } = expected;
  assert.deepEqual({ family, code, status, attempts, retry_after_ms: retryAfterMs }, { ...rest, attempts: tries });
  assert.ok(error.message.includes(part), error.message);
}

async function check(client: AmazonScraperAPI, { op, args, expect }: Doing, signal?: AbortSignal): Promise<void> {
  const played = await play(client, op, args, signal);
  if (expect.error === undefined) assert.equal(played.error, null);
  else checkError(played.error, expect.error);
  if (expect.result !== undefined) assert.equal(difference(played.result, expect.result), null);
  if (expect.items !== undefined) assert.equal(difference(played.items, expect.items), null);
  if (expect.progress !== undefined) assert.deepEqual(played.progress, expect.progress);
}

for (const scenario of file.scenarios) {
  test(`scenario ${scenario.name}: ${scenario.about}`, async () => {
    outcomes.set(scenario.name, 'failed');
    const clock = new TestClock(file.random);
    const client = new AmazonScraperAPI(file.api_key, {
      baseUrl: `${server.url}/run/${scenario.name}/node`,
      clock,
      ...optionsOf(scenario.options),
    });
    const signal = canceller(scenario, 'node', clock)?.signal;
    for (const doing of scenario.do) await check(client, doing, signal);
    assert.deepEqual(clock.waits, scenario.expect.waits_ms);
    const { calls, problems } = await report(scenario.name, 'node');
    assert.deepEqual(problems, []);
    assert.equal(calls, scenario.expect.calls);
    outcomes.set(scenario.name, 'passed');
  });
}

test('the table of the clients says of this one what was seen', () => {
  assert.deepEqual(columnProblems('Node', outcomes), []);
});
