import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from './exit.ts';
import type { World } from './world.ts';

/** `~/.config/asa/config.json`. */
export interface Config {
  readonly api_key?: string;
  readonly base_url?: string;
  readonly admin_token?: string;
}
const NAMES = ['api_key', 'base_url', 'admin_token'] as const;

export const configPath = ({ env, home }: Pick<World, 'env' | 'home'>): string =>
  join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'asa', 'config.json');

/** @throws UsageError when the file cannot be read as one */
export async function readConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new UsageError(`${path} cannot be read (${String(error)}).`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw new Error('it is no object');
    const all = value as Record<string, unknown>;
    return Object.fromEntries(NAMES.flatMap((name) => (typeof all[name] === 'string' ? [[name, all[name]]] : [])));
  } catch (error) {
    throw new UsageError(`${path} is not a configuration (${String(error)}); run "asa login" to write it anew.`);
  }
}

/** Writes it so that only its owner can read it, and never half of it. */
export async function writeConfig(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(config, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}
