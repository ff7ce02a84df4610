import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles the published clients into `out/clients/<name>`, each a folder that `npm publish` or `npm pack` takes as it is. In the repository they
 * run from their sources; only here do they get their published `package.json`. `node tools/clients/build.ts [out folder]`
 */

const root = join(import.meta.dirname, '..', '..');

interface Recipe {
  /** Folder below `clients/`. */
  readonly name: string;
  /** Files that are entered from outside, below `src/`. */
  readonly entries: readonly string[];
  /** Whether `require` must work, too. */
  readonly cjs: boolean;
  /** What `package.json` says of the built files. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

const types = (kind: string): Record<string, string> => ({
  types: `./dist/${kind}/index.d.ts`,
  default: `./dist/${kind}/index.js`,
});

export const RECIPES: readonly Recipe[] = [
  {
    name: 'sdk-node',
    entries: ['index.ts'],
    cjs: true,
    manifest: {
      main: './dist/cjs/index.js',
      types: './dist/cjs/index.d.ts',
      exports: { '.': { import: types('esm'), require: types('cjs') }, './package.json': './package.json' },
      sideEffects: false,
    },
  },
  { name: 'cli', entries: ['main.ts'], cjs: false, manifest: { bin: { asa: './dist/esm/main.js' } } },
  { name: 'mcp', entries: ['main.ts'], cjs: false, manifest: { bin: { 'asa-mcp': './dist/esm/main.js' } } },
];

const FLAGS = [
  ['--declaration', '--strict', '--skipLibCheck', '--rewriteRelativeImportExtensions', '--allowImportingTsExtensions'],
  [
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--target',
    'es2022',
    '--lib',
    'es2023',
    '--types',
    'node',
  ],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
].flat();

/** Builds one client; answers its folder. */
export function build({ name, entries, cjs, manifest }: Recipe, out = join(root, 'out', 'clients')): string {
  const source = join(root, 'clients', name);
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  for (const kind of cjs ? ['esm', 'cjs'] : ['esm']) {
    const dist = join(folder, 'dist', kind);
    const module = kind === 'cjs' ? ['--module', 'commonjs'] : [];
    const files = entries.map((entry) => join(source, 'src', entry));
    run('tsc', ['--ignoreConfig', '--outDir', dist, '--rootDir', join(source, 'src'), ...FLAGS, ...module, ...files]);
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) finish(join(dist, file));
    if (kind === 'cjs') writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  }
  const {
    private: _private,
    devDependencies: _dev,
    ...own
  } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...own, ...manifest, files: ['dist'] }, null, 2)}\n`);
  copyFileSync(join(source, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  return folder;
}

/** What the compiler leaves: declarations import `.ts` files, and programs cannot be run. */
function finish(file: string): void {
  if (!/\.(?:js|d\.ts)$/.test(file)) return;
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.d.ts'))
    writeFileSync(file, text.replaceAll(/((?:from |import\()["']\.[^"']*)\.ts(?=["'])/g, '$1.js'));
  else if (text.startsWith('#!')) chmodSync(file, 0o755);
}

function run(tool: string, args: readonly string[]): void {
  const file = join(root, 'node_modules', '.bin', tool);
  execFileSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

if (process.argv[1] === import.meta.filename)
  for (const recipe of RECIPES) console.log(`built ${build(recipe, process.argv[2])}`);
