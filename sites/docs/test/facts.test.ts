import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ERROR_CODES,
  ERRORS,
  errorRow,
  HEADERS,
  openApi,
  MARKETPLACES,
  OPERATIONS,
  PLAN_NAMES,
  planRow,
  ProductAnswer,
  SANDBOX,
  SearchCard,
  type ErrorCode,
} from '@asa/contract';
import { SETTINGS } from '../../../packages/gateway/src/config.ts';
import type { TestServer } from '../../../packages/gateway/test/harness.ts';
import { SAMPLE } from '../src/sample.ts';
import { ADVICE } from '../src/advice.ts';
import { makePage, readPages } from '../src/pages.ts';
import { markdownPathOf } from '../src/site.ts';
import { startDocs } from './support.ts';

/** What the served pages say against what the code does. The tables are made from the code; these tests see that they are there, whole. */

let server: TestServer;
before(async () => {
  server = await startDocs();
});
after(() => server.close());

const page = async (name: string): Promise<string> => (await fetch(`${server.url}${markdownPathOf(name)}`)).text();
/** The first cells of the rows of the table that begins with this head. */
async function firstCells(name: string, head: string): Promise<string[]> {
  const lines = (await page(name)).split('\n');
  const cells: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith(`| ${head} |`)) continue;
    for (let row = at + 2; lines[row]?.startsWith('|') === true; row += 1)
      cells.push(/^\| `?([^`|]+?)`?(?: \(required\))? \|/.exec(lines[row] ?? '')?.[1] ?? lines[row] ?? '');
  }
  return cells;
}

test('the settings table has every setting with its default', async () => {
  const text = await page('guides/settings');
  for (const { env, shown, about } of Object.values(SETTINGS))
    assert.ok(text.includes(`| \`${env}\` | \`${shown}\` | ${about} |`), env);
  assert.deepEqual(
    await firstCells('guides/settings', 'Variable'),
    Object.values(SETTINGS).map(({ env }) => env),
  );
});

test('the error page has a row and a section for every code, with its status and its retry', async () => {
  const text = await page('guides/errors');
  const sections = [...text.matchAll(/^## `(\w+)`$/gm)].map(([, code]) => code);
  assert.deepEqual(sections, ERROR_CODES);
  for (const code of ERROR_CODES) {
    const section = text.split(`## \`${code}\``)[1]?.split('\n## ')[0] ?? '';
    const { status, retryable, retryAfter } = errorRow(code);
    assert.ok(section.includes(`**${status} · `), code);
    assert.ok(section.includes(`Asa-Retryable: ${retryable}`), code);
    if (retryAfter.kind === 'fixed') assert.ok(section.includes(`Retry-After: ${retryAfter.seconds}`), code);
    assert.ok(section.includes(`"error": "${code}"`) && section.includes('**Provoke it.**'), code);
  }
});

test('the field lists name exactly the fields of the answers', async () => {
  assert.deepEqual((await firstCells('api/product', 'Field')).toSorted(), Object.keys(ProductAnswer.shape).toSorted());
  const search = await firstCells('api/search', 'Field');
  for (const name of Object.keys(SearchCard.shape)) assert.ok(search.includes(name), name);
});

test('plans, headers, marketplaces, sandbox ASINs and endpoints are all there', async () => {
  assert.deepEqual(await firstCells('guides/billing', 'Plan'), PLAN_NAMES);
  const billing = await page('guides/billing');
  for (const name of PLAN_NAMES)
    assert.ok(billing.includes(planRow(name).allowance.requests.toLocaleString('en')) || name === 'custom', name);
  assert.deepEqual(
    await firstCells('api/index', 'Header'),
    Object.values(HEADERS).map(({ name }) => name),
  );
  assert.deepEqual(
    await firstCells('guides/country-and-language', 'Domain'),
    MARKETPLACES.map(({ domain }) => domain),
  );
  assert.deepEqual(await firstCells('guides/sandbox', 'ASIN'), Object.keys(SANDBOX));
  const endpoints = [
    ...(await firstCells('api/index', 'Method and path')),
    ...(await firstCells('api/admin', 'Method and path')),
  ];
  assert.deepEqual(
    [...new Set(endpoints)].toSorted(),
    OPERATIONS.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
});

test('words in code style that look like a code, a header or a setting are one', async () => {
  const known = new Set<string>([
    ...Object.values(HEADERS).map(({ name }) => name),
    ...Object.values(SETTINGS).map(({ env }) => env),
    // What the samples read; the clients know the same names.
    'ASA_API_KEY',
    'ASA_BASE_URL',
  ]);
  // The clients have words of their own, which their tests know.
  for (const { name, source } of readPages().filter((one) => !one.name.startsWith('clients/'))) {
    for (const [word] of source.matchAll(/\bAsa-[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]+)*|\bASA_[A-Z_]+\b/g))
      assert.ok(known.has(word), `${name}: ${word}`);
    for (const [, code = ''] of source.matchAll(/guides\/errors#(\w+)/g))
      assert.ok(code in ERRORS || code === 'retry', `${name}: ${code}`);
    for (const [asin] of source.matchAll(/SANDBOX[A-Z0-9]{3}/g)) assert.ok(asin in SANDBOX, `${name}: ${asin}`);
  }
});

test('the unit for systemd starts the server itself: npm would not pass the signal of a stop on', () => {
  const unit = readPages().find(({ name }) => name === 'guides/self-hosting')?.source ?? '';
  const [, node = '', program = ''] = /^ExecStart=\/opt\/asa\/(\S+) (\S+)$/m.exec(unit) ?? [];
  const root = join(import.meta.dirname, '..', '..', '..');
  assert.ok(existsSync(join(root, node)) && node.endsWith('/node'), node);
  assert.ok(existsSync(join(root, program)) && program.endsWith('.js'), program);
});

test('the number of codes and marketplaces in words is right', async () => {
  assert.equal(ERROR_CODES.length, 17);
  assert.equal(MARKETPLACES.length, 20);
  const home = readPages().find(({ name }) => name === 'index')?.source ?? '';
  assert.match(home, /Seventeen codes/);
  assert.match(home, /Twenty marketplaces/);
});

test('the sample messages of the error page are what the service says', async () => {
  const said = async (path: string, key: string | null): Promise<string> =>
    ((await (await server.get(path, key)).json()) as { message: string }).message;
  const product = (query: string): string => `/api/v1/amazon/product?query=${query}`;
  const free = await server.workspace({ plan: 'free' });
  const poor = await server.workspace({ plan: 'custom', credits: 3 });
  const slow = await server.workspace({ plan: 'free', limits: { burst_rps: 2 } });
  const gone = await server.workspace({ plan: 'free' });
  await server.admin('DELETE', `/keys/${gone.keyId}`);
  const { testKey } = server;
  const heard: Partial<Record<ErrorCode, string>> = {
    invalid_params: await said('/api/v1/amazon/product?query=B0&domain=uk', testKey),
    unauthorized: await said('/api/v1/account', null),
    revoked: await said('/api/v1/account', gone.key),
    insufficient_credits: await said(product('B000000001'), poor.key),
    forbidden_region: await said(`${product('B000000001')}&country=DE`, free.key),
    not_found: await said('/api/v1/amazon/produkt', testKey),
    not_implemented: await said(`${product('B0ASA00001')}&render_js=true`, testKey),
  };
  for (const [asin, { outcome, by }] of Object.entries(SANDBOX)) {
    if (by === 'page' && outcome in ERRORS) heard[outcome as ErrorCode] = await said(product(asin), testKey);
  }
  for (const [code, message] of Object.entries(heard)) assert.equal(ADVICE[code as ErrorCode].sample, message, code);
  // This sentence depends on the moment; its form is compared.
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => said('/api/v1/account?x', slow.key)));
  const refused = answers.find((message) => message?.includes('rate'));
  const form = (message: string): string => message.replaceAll(/asa_live_\w{12}/g, 'KEY').replaceAll(/\d+/g, 'N');
  assert.equal(form(ADVICE.rate_limited.sample), form(refused ?? ''));
});

test('the examples of the parameters, sent all together as a try-it does, are answered on every plan', async () => {
  const { id } = await server.workspace({ plan: 'free' });
  const made = await server.admin('POST', `/workspaces/${id}/keys`, { name: 'try', mode: 'test' });
  const key = String(made.body['key']);
  const { paths } = openApi(server.url) as {
    paths: Record<string, { get: { parameters: { name: string; example?: unknown }[] } }>;
  };
  for (const path of ['/api/v1/amazon/product', '/api/v1/amazon/search']) {
    const examples = paths[path]?.get.parameters.filter(({ example }) => example !== undefined) ?? [];
    assert.ok(examples.length > 3, path);
    const query = new URLSearchParams(examples.map(({ name, example }) => [name, String(example)]));
    assert.equal((await server.get(`${path}?${query}`, key)).status, 200, path);
  }
});

test('the answer on the first page is what the sandbox answers', async () => {
  const answer = (await (await server.get('/api/v1/amazon/product?query=B0ASA00001', server.testKey)).json()) as Record<
    string,
    unknown
  >;
  for (const [field, value] of Object.entries(SAMPLE)) assert.deepEqual(answer[field], value, field);
});

test('a page that asks for facts or a call that do not exist ends the build', () => {
  assert.throws(() => makePage('x', '# X\n\n<!-- facts:nothing -->\n'), /no facts nothing/);
  assert.throws(() => makePage('x', '# X\n\n<!-- call: nothing a=b -->\n'), /no call nothing/);
});
