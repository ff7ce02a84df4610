import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, RECIPES } from './build.ts';

const root = join(import.meta.dirname, '..', '..');

/** An empty project into which packed clients were installed, as a user would. */
export interface Project {
  readonly folder: string;
  /** Writes a file and runs it with a Node; answers what it printed. */
  run(name: string, source: string, env?: Record<string, string>, node?: string): Promise<string>;
  remove(): void;
}

/** Builds, packs and installs clients by the names of their folders. What they depend on is taken from this repository, as far as npm lets that count; the rest from its cache or the registry. */
export function installPacked(names: readonly string[]): Project {
  const folder = mkdtempSync(join(tmpdir(), 'asa-project-'));
  try {
    return installInto(folder, names);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function installInto(folder: string, names: readonly string[]): Project {
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  const project = join(folder, 'project');
  mkdirSync(project);
  const present = new Map<string, string>();
  const tarballs = names.map((name) => {
    const recipe = RECIPES.find((one) => one.name === name);
    if (recipe === undefined) throw new Error(`there is no client ${name}`);
    const built = build(recipe, join(folder, 'built'));
    copyDependencies(built, project, present);
    const [{ filename = '' } = {}] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', packed, built], quiet(folder)),
    ) as { filename?: string }[];
    return join(packed, filename);
  });
  // npm fetches nothing for what the project says it has, and finds.
  const manifest = { name: 'empty', private: true, dependencies: Object.fromEntries(present) };
  writeFileSync(join(project, 'package.json'), `${JSON.stringify(manifest)}\n`);
  execFileSync(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs],
    quiet(project),
  );
  return {
    folder: project,
    async run(name, source, env = {}, node = process.execPath) {
      const file = join(project, name);
      writeFileSync(file, source);
      const { stdout } = await promisify(execFile)(node, [file], {
        cwd: project,
        env: { PATH: process.env['PATH'], ...env },
      });
      return stdout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const quiet = (cwd: string): { cwd: string; encoding: 'utf8'; stdio: ['ignore', 'pipe', 'pipe'] } => ({
  cwd,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
});

/** Puts what a package depends on, and what that depends on, where npm finds it in place; `present` gets their versions. */
function copyDependencies(folder: string, project: string, present: Map<string, string>): void {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    if (present.has(name) || name.startsWith('asa-')) continue;
    const nested = join(folder, 'node_modules', name);
    if (existsSync(nested)) {
      // A version of its own, which has come with the folder; what that depends on may lie elsewhere.
      copyDependencies(nested, project, present);
      continue;
    }
    const from = join(root, 'node_modules', name);
    if (!existsSync(from)) throw new Error(`${name} is not in node_modules of the root`);
    present.set(name, manifestOf(from).version);
    cpSync(from, join(project, 'node_modules', name), { recursive: true });
    copyDependencies(from, project, present);
  }
}

const manifestOf = (folder: string): { readonly version: string; readonly dependencies?: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };

/** A Node of major version 20 on this machine, the oldest that the clients promise; null when there is none. */
export function oldNode(): string | null {
  const path = (process.env['PATH'] ?? '').split(':').filter((part) => !part.includes('node_modules'));
  for (const node of path.map((part) => join(part, 'node'))) {
    if (!existsSync(node)) continue;
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
    if (version.startsWith('v20.')) return node;
  }
  return null;
}

/** The fenced blocks of a Markdown page in one language. */
export const examplesOf = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((found) => found[1] ?? '');
