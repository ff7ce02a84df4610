import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Asks a running service, one after another in index order, for every product and search page of the corpus index, saves the
 * answers and scores them. The service must get its pages from a replay of the same corpus:
 *   npm run origin -- --port 9100 --replay ../shared/corpus
 *   ASA_ORIGIN_URL=http://127.0.0.1:9100/{domain} npm start
 */
const USAGE =
  'usage: npm run corpus -- [--url http://127.0.0.1:8080] [--key asa_live_...] [--corpus ../shared/corpus] [--out out/corpus] [--data-dir .asa]';

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin?: string;
  readonly query?: string;
  readonly label?: string | null;
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: process.env['ASA_PUBLIC_URL'] ?? 'http://127.0.0.1:8080' },
    key: { type: 'string' },
    corpus: { type: 'string', default: '../shared/corpus' },
    out: { type: 'string', default: 'out/corpus' },
    'data-dir': { type: 'string', default: process.env['ASA_DATA_DIR'] ?? '.asa' },
  },
});

const corpus = existsSync(values.corpus) ? realpathSync(values.corpus) : resolve(values.corpus);
if (!existsSync(join(corpus, 'index.jsonl'))) fail(`There is no index.jsonl in ${values.corpus}. ${USAGE}`);

/** The given key, or one of a workspace of our own made with the admin token of the data folder. */
async function keyToUse(): Promise<string> {
  if (values.key !== undefined) return values.key;
  const file = join(values['data-dir'], 'admin-token');
  const token =
    process.env['ASA_ADMIN_TOKEN'] ??
    (existsSync(file)
      ? readFileSync(file, 'utf8').trim()
      : fail(`Give a live key with --key, or the data folder with the admin token with --data-dir. ${USAGE}`));
  const admin = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${values.url}/admin/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return response.ok ? answer : fail(`The admin API refused ${path}: ${String(answer['message'])}`);
  };
  const workspace = await admin('workspaces', { name: 'corpus report', plan: 'pro' });
  return String(
    (await admin(`workspaces/${String(workspace['id'])}/keys`, { name: 'corpus report', mode: 'live' }))['key'],
  );
}

async function main(): Promise<void> {
  const rows = readFileSync(join(corpus, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
  const key = await keyToUse();
  const asked = rows.filter((row) => row.kind === 'product' || row.kind === 'search');
  const statuses = new Map<string, number>();
  for (const [index, row] of asked.entries()) {
    const params = new URLSearchParams({ query: row.asin ?? row.query ?? '', domain: row.marketplace });
    const response = await ask(`${values.url}/api/v1/amazon/${row.kind}?${params.toString()}`, key);
    const text = await response.text();
    const folder = join(values.out, row.kind);
    mkdirSync(folder, { recursive: true });
    const name = basename(row.file, '.html');
    // An error is no answer: the scorer must see a missing page, not an error body.
    writeFileSync(join(folder, response.ok ? `${name}.json` : `${name}.error.json`), text);
    const outcome = response.ok
      ? '200'
      : `${response.status} ${String((JSON.parse(text) as { error?: string }).error)}`;
    statuses.set(`${row.kind} ${outcome}`, (statuses.get(`${row.kind} ${outcome}`) ?? 0) + 1);
    if (!response.ok) console.log(`${name}: ${outcome}`);
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1}/${asked.length}`);
  }
  console.log(`\nanswers: ${[...statuses].map(([outcome, count]) => `${outcome} x${count}`).join(', ')}\n`);
  for (const kind of ['product', 'search']) {
    console.log(`== ${kind}`);
    const scored = spawnSync(
      process.execPath,
      [join(corpus, 'score.mjs'), kind, join(corpus, 'labels', kind), join(values.out, kind)],
      { encoding: 'utf8' },
    );
    console.log(scored.stdout + scored.stderr);
  }
}

/** One request; a 429 is obeyed, as a polite client does. */
async function ask(url: string, key: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    if (response.status !== 429) return response;
    await response.arrayBuffer();
    await new Promise((done) => setTimeout(done, 1000 * Number(response.headers.get('retry-after') ?? 1)));
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

main().catch((error: unknown) =>
  fail(
    error instanceof Error
      ? `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`
      : String(error),
  ),
);
