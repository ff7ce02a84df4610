import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, misspeltNames, readConfig, type Config } from '../config.ts';
import { openLiveTiers } from '../live-tiers.ts';
import { fail, ok, skip, warn, type Finding } from './finding.ts';
import { checkClock, checkDisk, checkFolder, checkNode, checkPort } from './machine.ts';
import { checkDatabase, checkEmbedded, checkRedis, checkTier } from './services.ts';

interface Options {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.versions.node`. */
  readonly nodeVersion: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Send one request through each tier. */
  readonly egress: boolean;
}

/** Looks at everything in turn. Later checks do not depend on earlier ones; without valid settings there is nothing more to look at. */
export async function* examine({ env, nodeVersion, now, egress }: Options): AsyncGenerator<Finding> {
  yield checkNode(nodeVersion);
  const config = settingsOf(env);
  if (!('host' in config)) {
    yield* config.problems.map((problem) =>
      fail('setting', problem, 'Correct it; the page "Settings" of the docs and .env.example list all of them.'),
    );
    return;
  }
  yield ok('settings', 'all of them can be read');
  yield* misspeltNames(env).map(misspelt);
  yield await checkPort(config.host, config.port);
  const dataDir = resolve(config.dataDir);
  yield await checkFolder(dataDir);
  yield await checkDisk(dataDir);
  const database =
    config.databaseUrl === null
      ? { finding: await checkEmbedded(), clock: null }
      : await checkDatabase(config.databaseUrl);
  yield database.finding;
  yield checkClock(now(), RELEASED, database.clock);
  yield await checkRedis(config.redisUrl);
  yield* ways(config, egress);
}

/** The clock must have passed the moment at which this file came here. */
const RELEASED = statSync(join(import.meta.dirname, 'doctor.ts')).ctimeMs;

function settingsOf(env: Options['env']): Config | ConfigError {
  try {
    return readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const misspelt = (name: string): Finding =>
  warn(
    'setting',
    `${name} is no setting; the server does not read it`,
    'Look for a typing mistake in its name; the page "Settings" of the docs and .env.example list all of them.',
  );

async function* ways(config: Config, egress: boolean): AsyncGenerator<Finding> {
  try {
    const tiers = await openLiveTiers(config.egressFile);
    if (!egress)
      yield skip(
        'egress',
        `not tried (${tiers.map(({ name }) => name).join(', ')}): with --egress each tier is asked for one page`,
      );
    else for (const tier of tiers) yield await checkTier(tier, config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield* error.problems.map((problem) =>
      fail('egress', problem, 'Correct the tiers file; packages/egress/README.md explains it.'),
    );
  }
}

const SIGNS = { ok: '✓', warn: '!', fail: '✗', skip: '·' } as const;

/** The lines of one finding, as a person reads them. */
export const linesOf = ({ state, what, say, mend }: Finding): string[] => [
  `${SIGNS[state]} ${what.padEnd(12)} ${say}`,
  ...(mend === undefined ? [] : [`  ${''.padEnd(12)} → ${mend}`]),
];

/** Examines and prints; answers the exit code: 1 when something needs the operator, else 0. */
export async function runDoctor(options: Options, print: (line: string) => void): Promise<0 | 1> {
  const count = { ok: 0, warn: 0, fail: 0, skip: 0 };
  for await (const finding of examine(options)) {
    count[finding.state] += 1;
    for (const line of linesOf(finding)) print(line);
  }
  print('');
  print(
    count.fail > 0
      ? `${count.fail} to mend.`
      : count.warn > 0
        ? `Nothing is broken; ${count.warn} to look at.`
        : 'All is well.',
  );
  return count.fail > 0 ? 1 : 0;
}
