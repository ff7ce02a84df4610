import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { devPython } from '../../../tools/toolchains.ts';
import type { Sample } from './samples.ts';

const interpreter = devPython();
const PYTHON = 'path' in interpreter ? interpreter.path : 'no-python';

const run = promisify(execFile);
/** No sample takes longer, the sandbox's slowest answer (8 s) and a busy machine included. */
const TIMEOUT_MS = 60_000;

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and collects what it said; an exit code is an ordinary result. */
export async function program(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; timeoutMs?: number },
): Promise<Ran> {
  try {
    const { stdout, stderr } = await run(file, args, {
      cwd: options.cwd,
      env: options.env,
      timeout: options.timeoutMs ?? TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const failed = error as { code?: unknown; stdout?: string; stderr?: string; message: string };
    return {
      code: typeof failed.code === 'number' ? failed.code : -1,
      output: `${failed.stdout ?? ''}${failed.stderr ?? ''}${failed.message}`,
    };
  }
}

/** How one language is run: the file it is written to, and the command. `null`: the toolchain is not on this machine. */
export interface Runner {
  readonly file: string;
  readonly command: (path: string) => readonly [string, ...string[]];
  /** How one asks whether it is there. */
  readonly probe: readonly [string, ...string[]];
}

export const RUNNERS: Readonly<Record<string, Runner>> = {
  bash: {
    file: 'sample.sh',
    command: (path) => ['bash', '-e', '-u', '-o', 'pipefail', path],
    probe: ['curl', '--version'],
  },
  js: { file: 'sample.mjs', command: (path) => [process.execPath, path], probe: [process.execPath, '--version'] },
  // The environment of the client, with what it needs; the client itself comes from its folder.
  python: { file: 'sample.py', command: (path) => [PYTHON, path], probe: [PYTHON, '--version'] },
};

/** Writes a sample to a folder of its own, with the address of the server under test in it. Answers the path of the file. */
export function place(sample: Sample, folder: string, file: string, url: string): string {
  const own = join(folder, `${sample.page.replaceAll(/\W/g, '_')}_${sample.number}`);
  mkdirSync(own, { recursive: true });
  const path = join(own, file);
  writeFileSync(path, sample.text.replaceAll('http://localhost:8080', url));
  return path;
}
