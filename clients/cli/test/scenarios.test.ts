import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { difference, TestClock } from '../../sdk-node/test/player.ts';
import { scenarioFile, startScenarios, type Report, type ScenarioServer } from '../../../tools/scenarios/server.ts';
import { columnProblems } from '../../../tools/scenarios/table.ts';
import type { Doing, JsonObject, Scenario } from '../../../tools/scenarios/types.ts';
import { FAMILIES } from 'asa-client';
import { asa, type Ran } from './cli.ts';

/** The command plays every scenario that it has words for, and ends with the exit code of the error's family. */

const file = scenarioFile();
const outcomes = new Map<string, string>();
let server: ScenarioServer;
before(async () => {
  server = await startScenarios();
});
after(() => server.close());

interface Told {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** The code of a success. */
  readonly code?: number;
}

/** An operation in the command's words; null when it has none. */
function words({ op, args, expect }: Doing): Told | null {
  const text = (name: string): string => args[name] as string;
  const id = typeof args['id'] === 'string' ? args['id'] : '';
  const some = expect.items?.some((item) => item['status'] === 'error') === true ? { code: 15 } : {};
  const failed = (expect.result?.['failure_count'] ?? 0) !== 0 || expect.result?.['status'] === 'cancelled';
  switch (op) {
    case 'product':
      return { argv: ['product', text('query')] };
    case 'search': {
      const { query, pages, sort_by: sort } = args as { query: string; pages: number; sort_by: string };
      return { argv: ['search', query, '--pages', String(pages), '--sort', sort] };
    }
    case 'create_batch':
      return {
        argv: ['batch', 'create', '-'],
        stdin: (args['items'] as JsonObject[]).map((i) => JSON.stringify(i)).join('\n'),
      };
    case 'wait_for_batch': {
      const { deadline_ms: ms } = args;
      return {
        argv: ['batch', 'wait', id, ...(typeof ms === 'number' ? ['--max-wait', String(ms / 1000)] : [])],
        ...(failed ? { code: 15 } : {}),
      };
    }
    case 'batch_results':
      return { argv: ['batch', 'results', id], ...some };
    case 'cancel_batch':
      return { argv: ['batch', 'cancel', id] };
    case 'list_batches':
      return { argv: ['batch', 'list', '--limit', JSON.stringify(args['limit'])] };
    case 'account':
      return { argv: ['account'] };
    case 'request':
      return { argv: ['trace', text('request_id'), '--json'] };
    default:
      return null;
  }
}

const flags = ({ options = {} }: Scenario): string[] => [
  ...(options.max_attempts === undefined ? [] : ['--attempts', String(options.max_attempts)]),
  ...(options.deadline_ms === undefined ? [] : ['--deadline', String(options.deadline_ms / 1000)]),
  ...(options.timeout_ms === undefined ? [] : ['--timeout', String(options.timeout_ms / 1000)]),
];

/** Why a scenario does not apply; null when it does. */
function notFor({ do: steps, options }: Scenario): string | null {
  const without = steps.find((step) => words(step) === null);
  if (without !== undefined) return `no command for ${without.op}`;
  return options?.retry_after_cap_ms === undefined ? null : 'no option for it';
}

function check({ code, out, err }: Ran, { expect }: Doing, told: Told): void {
  const lines = out.split('\n').filter((line) => line !== '');
  const values = lines.map((line) => JSON.parse(line) as unknown);
  if (expect.items !== undefined) assert.equal(difference(values, expect.items), null);
  if (expect.error !== undefined) {
    const { family, code: name, message_contains: part = '' } = expect.error;
    assert.equal(code, FAMILIES[family as keyof typeof FAMILIES].exitCode, err);
    assert.ok(family === 'cancelled' || (err.includes(name) && err.includes(part)), err);
    assert.equal(values.length, expect.items?.length ?? 0, 'errors are words');
  } else assert.equal(code, told.code ?? 0, err);
  if (expect.result !== undefined) assert.equal(difference(values, [expect.result]), null);
}

for (const scenario of file.scenarios) {
  const reason = notFor(scenario);
  outcomes.set(scenario.name, reason ?? 'failed');
  if (reason !== null) continue;
  test(`scenario ${scenario.name}: ${scenario.about}`, async () => {
    const clock = new TestClock(file.random);
    const stop = new AbortController();
    const report = async (): Promise<Report> =>
      (await (await fetch(`${server.url}/report/${scenario.name}/cli`)).json()) as Report;
    if (scenario.cancel === 'in_wait') clock.onSleep = () => stop.abort();
    if (scenario.cancel === 'in_request')
      void (async () => {
        while ((await report()).calls === 0);
        stop.abort();
      })();
    const env = { ASA_API_KEY: file.api_key, ASA_BASE_URL: `${server.url}/run/${scenario.name}/cli` };
    for (const doing of scenario.do) {
      const told = words(doing);
      assert.ok(told);
      const { argv, stdin = '' } = told;
      check(await asa([...flags(scenario), ...argv], { env, clock, stdin, signal: stop.signal }), doing, told);
    }
    assert.deepEqual(clock.waits, scenario.expect.waits_ms);
    const { calls, problems } = await report();
    assert.deepEqual(problems, []);
    assert.equal(calls, scenario.expect.calls);
    outcomes.set(scenario.name, 'passed');
  });
}

test('the table of the clients says of this one what was seen', () => {
  assert.deepEqual(columnProblems('CLI', outcomes), []);
});
