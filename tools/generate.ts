import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientSpec, ERRORS, LANGUAGES, MARKETPLACES, openApi, PLANS } from '@asa/contract';
import { ladderTable } from '@asa/egress';
import { SETTINGS } from '../packages/gateway/src/config.ts';
import { generatedClients } from './clients/index.ts';
import { nodeFiles } from './clients/typescript.ts';

/**
 * Writes what is generated from the declarations: `spec/`, `.env.example` and the tables of the Markdown pages.
 * With --check it writes nothing and fails when something is stale.
 */
const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const rows = Object.values(SETTINGS);
const settingsTable = [
  '| variable | default | what it does |',
  '| --- | --- | --- |',
  ...rows.map(({ env, shown, about }) => `| \`${env}\` | \`${shown}\` | ${about} |`),
].join('\n');
const envExample = [
  '# Every setting of the server with its default. Generated: change packages/gateway/src/config.ts instead.',
  ...rows.flatMap(({ env, shown, about }) => [
    '',
    `# ${about}`,
    /[(<]/.test(shown) ? `# ${env}=   default: ${shown}` : `# ${env}=${shown}`,
  ]),
  '',
].join('\n');

write('spec/openapi.json', json(openApi('http://localhost:8080')));
write('spec/clients.json', json(clientSpec()));
write('spec/errors.json', json(ERRORS));
write('spec/marketplaces.json', json({ marketplaces: MARKETPLACES, languages: LANGUAGES }));
write('spec/plans.json', json(PLANS));
for (const [path, text] of Object.entries({ ...nodeFiles(), ...generatedClients() })) write(path, text);
write('.env.example', envExample);
write('README.md', withRegion('README.md', 'settings', settingsTable));
write('ARCHITECTURE.md', withRegion('ARCHITECTURE.md', 'ladder', ladderTable()));

if (stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exit(1);
}

function write(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (check) {
    stale.push(path);
    return;
  }
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${path}`);
}

/** The page with the text between its two marks replaced. */
function withRegion(path: string, name: string, text: string): string {
  const page = readFileSync(join(root, path), 'utf8');
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const from = page.indexOf(open);
  const to = page.indexOf(close);
  if (from < 0 || to < from) throw new Error(`${path} has no region ${name}`);
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`;
}
