import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioFile } from './server.ts';

/**
 * The table of `clients/README.md`: every scenario, every client. Each client's test hands in what its own run brought, and the column of that client
 * must say the same. With UPDATE_TABLE=1 the column is written instead.
 */
const PAGE = join(import.meta.dirname, '..', '..', 'clients', 'README.md');
const [OPEN, CLOSE] = ['<!-- scenarios -->', '<!-- /scenarios -->'];
const CLIENTS = ['Node', 'CLI', 'Python', 'Python async', 'Go'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** scenario -> client -> cell. */
type Table = Map<string, Partial<Record<ClientName, string>>>;

/** What is wrong with the column, given what the client's run brought: scenario -> `passed`, `failed`, or why it does not apply. */
export function columnProblems(client: ClientName, results: ReadonlyMap<string, string>): string[] {
  const page = readFileSync(PAGE, 'utf8');
  const table = readTable(page);
  const names = scenarioFile().scenarios.map(({ name }) => name);
  const missing = names.filter((name) => !results.has(name)).map((name) => `${client} has not run ${name}`);
  if (process.env['UPDATE_TABLE'] === '1') {
    for (const name of names) table.set(name, { ...table.get(name), [client]: cell(results.get(name)) });
    writeFileSync(PAGE, withTable(page, table));
    return missing;
  }
  const wrong = names
    .filter((name) => table.get(name)?.[client] !== cell(results.get(name)))
    .map(
      (name) =>
        `${name}: the table says ${table.get(name)?.[client] ?? 'nothing'}, ${client} ${cell(results.get(name))}`,
    );
  const gone = [...table.keys()].filter((name) => !names.includes(name)).map((name) => `${name} is no scenario`);
  return [...missing, ...wrong, ...gone];
}

const cell = (outcome: string | undefined): string => (outcome === 'passed' ? '✓' : (outcome ?? 'not run'));

function readTable(page: string): Table {
  const [head = [], , ...rows] = page
    .slice(...bounds(page))
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((text) => text.trim()),
    );
  const clients = head.slice(2) as ClientName[];
  return new Map(
    rows.map(([name = '', , ...cells]) => [
      name.replaceAll('`', ''),
      Object.fromEntries(clients.map((client, index) => [client, cells[index] ?? ''])),
    ]),
  );
}

function withTable(page: string, table: Table): string {
  const rows = scenarioFile().scenarios.map(
    ({ name, about }) =>
      `| \`${name}\` | ${about} | ${CLIENTS.map((client) => table.get(name)?.[client] ?? '').join(' | ')} |`,
  );
  const head = [
    `| scenario | what happens | ${CLIENTS.join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(CLIENTS.length)}`,
  ];
  const [from, to] = bounds(page);
  return `${page.slice(0, from)}\n\n${[...head, ...rows].join('\n')}\n\n${page.slice(to)}`;
}

/** Where the table begins and ends. */
function bounds(page: string): [from: number, to: number] {
  const [from, to] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`clients/README.md has no ${OPEN} ... ${CLOSE}`);
  return [from + OPEN.length, to];
}
