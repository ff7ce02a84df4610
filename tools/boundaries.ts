import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The import law (ARCHITECTURE.md): a room imports only lower floors; rooms on one floor do not know each other. */
export const FLOORS: Readonly<Record<string, number>> = {
  contract: 0,
  extract: 1,
  egress: 1,
  store: 1,
  origin: 1,
  accounts: 2,
  scrape: 2,
  traces: 2,
  jobs: 2,
  gateway: 3,
};

/** Rooms that may import only these from outside. `contract` is words; `extract` is pure: hashing is, too. */
const ALLOWED_OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  contract: ['zod'],
  extract: ['css-select', 'css-what', 'domhandler', 'htmlparser2', 'node:crypto'],
};

/**
 * What each client may import from outside; other modules of Node are free to the programs. Clients know only the wire: no room of the server,
 * only each other. `sdk-node` has no dependencies.
 */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  'sdk-node': ['node:crypto'],
  cli: ['asa-client', 'cli-progress', 'cli-table3', 'commander', 'node:*'],
  mcp: ['asa-client', '@modelcontextprotocol/sdk/*', 'node:*'],
};

// Statements begin a line (the formatter sees to it), so a word in a text is no import.
const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** Every way to the environment. */
const ENVIRONMENT = /\bprocess\s*(?:\.\s*env\b|\[\s*['"]env)|\bfrom\s+['"](?:node:)?process['"]/;

/** Specifiers that a source text imports, of every form. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** What is against the law in one file; `path` is relative to the repository, for example `packages/extract/src/x.ts`. */
export function violations(path: string, source: string): string[] {
  if (path.startsWith('clients/')) return clientViolations(path, source);
  const [, room = '', area = ''] = path.split('/');
  const floor = FLOORS[room];
  if (floor === undefined) return [`${path}: ${room} is not a room`];
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    const neighbour = /^@asa\/([\w-]+)/.exec(specifier)?.[1];
    if (neighbour !== undefined) {
      const other = FLOORS[neighbour];
      if (neighbour === room) found.push(`${path}: imports its own room by name (${specifier}); use a relative path`);
      else if (other === undefined) found.push(`${path}: ${specifier} is not a room`);
      else if (other >= floor) found.push(`${path}: floor ${floor} (${room}) imports floor ${other} (${neighbour})`);
      continue;
    }
    if (specifier.startsWith('.')) {
      const into = relative(resolve('packages', room), resolve(path, '..', specifier));
      if (into.startsWith('..')) found.push(`${path}: ${specifier} leaves the room`);
      continue;
    }
    const allowed = ALLOWED_OUTSIDE[room];
    if (area === 'src' && allowed !== undefined && !allowed.includes(specifier))
      found.push(`${path}: ${room} may not import ${specifier}`);
  }
  if (area === 'src' && ENVIRONMENT.test(source) && path !== 'packages/gateway/src/main.ts') {
    found.push(`${path}: only packages/gateway/src/main.ts reads process.env`);
  }
  return found;
}

function clientViolations(path: string, source: string): string[] {
  const [, client = '', area = ''] = path.split('/');
  const allowed = CLIENTS[client];
  if (area !== 'src') return []; // Their tests start the service and the scenarios.
  if (allowed === undefined) return [`${path}: ${client} is not a client`];
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    if (specifier.startsWith('.')) {
      if (relative(resolve('clients', client, 'src'), resolve(path, '..', specifier)).startsWith('..'))
        found.push(`${path}: ${specifier} leaves the client`);
    } else if (
      !allowed.some((one) => one === specifier || (one.endsWith('*') && specifier.startsWith(one.slice(0, -1))))
    )
      found.push(`${path}: ${client} may not import ${specifier}`);
  }
  if (ENVIRONMENT.test(source) && !path.endsWith('/src/main.ts'))
    found.push(`${path}: only main.ts of a program reads process.env`);
  return found;
}

/** Every source file of the rooms and the clients, relative to the repository. */
export function sourceFiles(root: string): string[] {
  return ['packages', 'clients']
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(root, kind, name)))
    .flatMap((folder) => ['src', 'test'].map((area) => join(folder, area)))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => relative(root, file));
}

export const readSource = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
