import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startOrigin } from '../src/index.ts';
import { ask, lacks, originFor } from './support.ts';

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin?: string;
  readonly query?: string;
}

/** A folder of pages whose text is their own name. */
function folder(
  t: TestContext,
  rows: readonly (Row | string)[],
  files: Readonly<Record<string, string | Buffer>> = {},
): string {
  const root = mkdtempSync(join(tmpdir(), 'asa-replay-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'pages'));
  for (const row of rows)
    if (typeof row !== 'string' && row.file.startsWith('pages/') && !row.file.includes('missing'))
      writeFileSync(join(root, row.file), row.file);
  for (const [name, body] of Object.entries(files)) writeFileSync(join(root, name), body);
  writeFileSync(
    join(root, 'index.jsonl'),
    rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'),
  );
  return root;
}

const ROWS: readonly (Row | string)[] = [
  { file: 'pages/a1.html', kind: 'product', marketplace: 'de', asin: 'B000000001' },
  { file: 'pages/s1.html', kind: 'search', marketplace: 'de', query: 'grüner Tee' },
  '',
  { file: 'pages/a2.html', kind: 'product', marketplace: 'de', asin: 'B000000001' },
  { file: 'pages/w.html', kind: 'waf', marketplace: 'fr' },
  { file: 'pages/e.html', kind: 'error503', marketplace: 'cn' },
  { file: 'pages/n.html', kind: 'notfound404', marketplace: 'com' },
  { file: 'pages/c.html', kind: 'captcha', marketplace: 'com' },
  { file: 'pages/missing.html', kind: 'other', marketplace: 'com' },
];

test('pages of one key come in turn, in index order, again and again', async (t) => {
  const origin = await originFor(t, { replay: folder(t, ROWS) });
  const page = async (path: string): Promise<string> => (await ask(origin.url + path)).body.toString();
  assert.deepEqual(
    [await page('/de/dp/B000000001'), await page('/de/dp/b000000001?th=1'), await page('/de/gp/product/B000000001')],
    ['pages/a1.html', 'pages/a2.html', 'pages/a1.html'],
  );
  assert.equal(await page(`/de/s?k=${encodeURIComponent(' grüner Tee ')}&page=2`), 'pages/s1.html');
});

test('pages without a key are named by their line, and come with the status of their kind', async (t) => {
  const origin = await originFor(t, { replay: folder(t, ROWS) });
  const page = async (line: number): Promise<[number, string]> => {
    const { status, body } = await ask(`${origin.url}/com/dp/PAGE${String(line).padStart(6, '0')}`);
    return [status, body.toString()];
  };
  assert.deepEqual(await page(5), [202, 'pages/w.html']);
  assert.deepEqual(await page(6), [503, 'pages/e.html']);
  assert.deepEqual(await page(7), [404, 'pages/n.html']);
  assert.deepEqual(await page(8), [200, 'pages/c.html']);
});

test('what the folder does not have is the not-found page: no synthetic product, no forced outcome', async (t) => {
  const origin = await originFor(t, { replay: folder(t, ROWS) });
  for (const path of [
    '/de/dp/B000000002',
    '/com/dp/B000000001',
    '/de/s?k=gruener%20Tee',
    '/com/dp/PAGE000001',
    '/com/dp/PAGE000099',
    '/de/dp/SANDBOXSLO',
    '/de/',
    '/de/x',
  ]) {
    const { status, body } = await ask(origin.url + path);
    assert.equal(status, 404, path);
    assert.match(body.toString(), /dogsofamazon/, path);
  }
});

test('bytes come as they are in the file, compressed on the way', async (t) => {
  const latin1 = Buffer.from('<meta charset="iso-8859-1">\u00fcber', 'latin1');
  const rows = [
    { file: 'pages/utf8.html', kind: 'product', marketplace: 'de', asin: 'B000000001' },
    { file: 'pages/latin1.html', kind: 'product', marketplace: 'de', asin: 'B000000002' },
  ];
  const origin = await originFor(t, {
    replay: folder(t, rows, { 'pages/utf8.html': 'über €', 'pages/latin1.html': latin1 }),
  });
  const get = (asin: string) => ask(`${origin.url}/de/dp/${asin}`, { headers: { 'accept-encoding': 'gzip' } });
  const utf8 = await get('B000000001');
  assert.deepEqual(
    [gunzipSync(utf8.body).toString(), utf8.headers['content-type']],
    ['über €', 'text/html;charset=UTF-8'],
  );
  const other = await get('B000000002');
  assert.deepEqual(
    [gunzipSync(other.body), other.headers['content-type']],
    [latin1, 'text/html'],
    'the page says its charset',
  );
});

test('a file that cannot be read is a failure of the origin, not a page', async (t) => {
  const lines: string[] = [];
  const origin = await originFor(t, { replay: folder(t, ROWS), log: (line) => lines.push(line) });
  assert.equal((await ask(`${origin.url}/com/dp/PAGE000009`)).status, 500);
  assert.match(lines.join('\n'), /failed.*ENOENT/);
});

test('no file outside the folder is served', async (t) => {
  for (const file of ['../secret', '/etc/hostname', 'pages/../../secret', '..'])
    await assert.rejects(
      startOrigin({ replay: folder(t, [{ file, kind: 'product', marketplace: 'de', asin: 'B000000001' }]) }),
      /line 1: "file" leaves the folder/,
      file,
    );
  const root = folder(t, [{ file: 'link.html', kind: 'product', marketplace: 'de', asin: 'B000000001' }]);
  const outside = folder(t, [], { 'secret.html': 'secret' });
  symlinkSync(join(outside, 'secret.html'), join(root, 'link.html'));
  const origin = await originFor(t, { replay: root });
  const { status, body } = await ask(`${origin.url}/de/dp/B000000001`);
  assert.equal(status, 500);
  lacks(body.toString(), /secret/);
});

test('a folder that is no replay is refused with a sentence that says why', async (t) => {
  const refused = (rows: readonly (Row | string)[], problem: RegExp): Promise<void> =>
    assert.rejects(startOrigin({ replay: folder(t, rows) }), problem);
  await assert.rejects(startOrigin({ replay: join(tmpdir(), 'asa-no-such-folder') }), /does not exist: a replay needs/);
  await refused(['not json'], /line 1: is not a JSON object/);
  await refused(['[]'], /line 1: is not a JSON object/);
  await refused(['{"file":"a","kind":"product"}'], /line 1: has no "marketplace"/);
  await refused(['{"file":1,"kind":"product","marketplace":"de"}'], /line 1: "file" is not a string/);
});

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus');

test('the corpus: every product and search page, in index order, byte for byte', async (t) => {
  if (!existsSync(join(CORPUS, 'index.jsonl'))) return t.skip(`corpus not found: ${CORPUS}`);
  const origin = await originFor(t, { replay: CORPUS });
  const rows = readFileSync(join(CORPUS, 'index.jsonl'), 'utf8').trim().split('\n');
  let compared = 0;
  for (const [i, line] of rows.entries()) {
    const { file, marketplace, asin, query } = JSON.parse(line) as Row;
    const path =
      asin !== undefined
        ? `/${marketplace}/dp/${asin}`
        : query !== undefined
          ? `/${marketplace}/s?k=${encodeURIComponent(query)}`
          : `/com/dp/PAGE${String(i + 1).padStart(6, '0')}`;
    const { body } = await ask(origin.url + path);
    assert.ok(body.equals(readFileSync(join(CORPUS, file))), `${path} is not ${file}`);
    compared++;
  }
  assert.equal(compared, rows.length);
});
