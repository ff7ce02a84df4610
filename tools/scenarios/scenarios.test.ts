import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  AccountAnswer,
  BatchAnswer,
  BatchListAnswer,
  BatchResult,
  NewBatchAnswer,
  CLIENT_CODES,
  ERROR_CODES,
  ERRORS,
  FAMILIES,
  ProductAnswer,
  SearchAnswer,
  Trace,
} from '@asa/contract';
import { problemsOf } from './check.ts';
import { material, scenarioFile, startScenarios, type Report, type ScenarioServer } from './server.ts';
import type { Call, Scenario, Step } from './types.ts';

const file = scenarioFile();
let server: ScenarioServer;
before(async () => {
  server = await startScenarios();
});
after(() => server.close());

const HEADERS = { authorization: `Bearer ${file.api_key}`, accept: 'application/json', 'user-agent': 'asa-test/1' };

/** Does a scenario as a perfect client would, by its script alone; answers the outcome of each call. */
async function walk(scenario: Scenario, run: string): Promise<string[]> {
  const seen: string[] = [];
  let key = 0;
  for (const step of scenario.script) {
    const [method = '', path = ''] = step.request.split(' ');
    if (method === 'POST' && (key === 0 || step.new_key === true)) key += 1;
    const post = method === 'POST' ? { 'idempotency-key': `k${key}`, 'content-type': 'application/json' } : {};
    try {
      const response = await fetch(`${server.url}/run/${scenario.name}/${run}${path}`, {
        method,
        headers: { ...HEADERS, ...post },
        ...(method === 'POST' ? { body: '{}' } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(step.fault === 'silent' || step.fault === 'stall' ? 1000 : 10_000),
      });
      const text = await response.text();
      seen.push(`${response.status} ${isJson(text) ? 'json' : 'text'}`);
    } catch {
      seen.push('broken');
    }
  }
  return seen;
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const BROKEN = new Set(['reset', 'silent', 'reset_in_body', 'stall', 'reset_after_lines']);
const outcome = (step: Step): string => {
  if (step.fault !== undefined && BROKEN.has(step.fault)) return 'broken';
  const isText = step.fault === 'truncate' || step.text !== undefined || step.ndjson !== undefined;
  const hasBody = step.error !== undefined || step.sample !== undefined || step.json !== undefined;
  const status = step.error === undefined ? step.status : statusOf(step.error);
  return `${status} ${isText || !hasBody ? 'text' : 'json'}`;
};
const statusOf = (code: string): number | undefined => material().codes[code]?.status;

test('every scenario plays as it is written, and a call that follows the script has no problem', async () => {
  await Promise.all(
    file.scenarios.map(async (scenario) => {
      assert.deepEqual(await walk(scenario, 'a'), scenario.script.map(outcome), scenario.name);
      const report = (await (await fetch(`${server.url}/report/${scenario.name}/a`)).json()) as Report;
      assert.deepEqual(report.problems, [], scenario.name);
      assert.equal(report.calls, scenario.expect.calls, scenario.name);
    }),
  );
});

test('a run does not know the others, and a call after the script is a problem', async () => {
  const scenario = file.scenarios.find(({ name }) => name === 'not-found');
  assert.ok(scenario);
  for (const run of ['b', 'c']) assert.deepEqual(await walk(scenario, run), ['404 json']);
  assert.deepEqual(await walk(scenario, 'b'), ['599 json']);
  const report = (await (await fetch(`${server.url}/report/not-found/b`)).json()) as Report;
  assert.deepEqual(report.problems, ['call 2 (GET /api/v1/amazon/product) was not expected']);
});

test('what is wrong with a call is said', () => {
  const call = (over: Partial<Call>): Call => ({
    method: 'GET',
    url: '/a?x=1&y=2',
    headers: HEADERS,
    body: '',
    ...over,
  });
  const problems = (over: Partial<Call>, step: Step, earlier: Call[] = []): number =>
    problemsOf(call(over), step, earlier, file.api_key).length;
  const get: Step = { request: 'GET /a?y=2&x=1' };
  assert.equal(problems({}, get), 0);
  assert.equal(problems({ url: '/b?x=1&y=2' }, get), 1);
  assert.equal(problems({ method: 'HEAD' }, get), 1);
  assert.equal(problems({ url: '/a?x=1' }, get), 1);
  assert.equal(problems({ url: `/a?x=1&api_key=${file.api_key}` }, { request: 'GET /a' }), 1);
  assert.equal(problems({ headers: {} }, get), 3);
  const post: Step = { request: 'POST /a' };
  const keyed = (key: string): Partial<Call> => ({
    method: 'POST',
    headers: { ...HEADERS, 'idempotency-key': key, 'content-type': 'application/json' },
  });
  assert.equal(problems(keyed('k'), post), 0);
  assert.equal(problems(keyed('k'), post, [call(keyed('k'))]), 0);
  assert.equal(problems(keyed('l'), post, [call(keyed('k'))]), 1);
  assert.equal(problems(keyed('k'), { ...post, new_key: true }, [call(keyed('k'))]), 1);
  assert.equal(problems(keyed('l'), { ...post, new_key: true }, [call(keyed('k'))]), 0);
  assert.equal(problems({ method: 'POST' }, post), 2);
});

test('the samples are answers of the contract', () => {
  const { samples } = material();
  ProductAnswer.strict().parse(samples['product']);
  SearchAnswer.strict().parse(samples['search']);
  AccountAnswer.strict().parse(samples['account']);
  Trace.strict().parse(samples['trace']);
  NewBatchAnswer.strict().parse(samples['batch_created']);
  BatchAnswer.strict().parse(samples['batch']);
  BatchListAnswer.strict().parse(samples['batch_list']);
  BatchResult.strict().parse(samples['batch_item']);
});

test('the vectors know every code and family, and no other', () => {
  const path = join(import.meta.dirname, '..', '..', 'spec', 'vectors', 'errors.json');
  const { cases: errors } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases: readonly { expect: { code: string; family: string; status: number } }[];
  };
  for (const code of ERROR_CODES) {
    const row = errors.find(({ expect }) => expect.code === code)?.expect;
    assert.deepEqual([row?.family, row?.status], [ERRORS[code].family, ERRORS[code].status], code);
  }
  const expected = file.scenarios.flatMap(({ do: steps }) => steps.flatMap(({ expect }) => expect.error ?? []));
  const families = Object.keys(FAMILIES);
  for (const { family } of [...errors.map(({ expect }) => expect), ...expected])
    assert.ok(families.includes(family), family);
  for (const { code } of expected) assert.ok(code in ERRORS || code in CLIENT_CODES || /^http_\d{3}$/.test(code), code);
  const seen = new Set([...expected, ...errors.map(({ expect }) => expect)].map(({ family }) => family));
  assert.deepEqual(
    families.filter((family) => !seen.has(family)),
    [],
  );
});
