import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@asa/accounts/testing';
import { startTestStore } from '@asa/store/testing';

/** A PostgreSQL beside the servers, as a fleet has one. */
export interface OutsidePostgres {
  readonly url: string;
  close(): Promise<void>;
}

const PACKAGED = '/usr/lib/postgresql';

/** That of the system's packages when there is one (with a role of its own when we are root), otherwise the project's own. */
export async function startPostgres(): Promise<OutsidePostgres> {
  const [version] = existsSync(PACKAGED) ? readdirSync(PACKAGED).toSorted((a, b) => Number(b) - Number(a)) : [];
  const bin = join(PACKAGED, version ?? '', 'bin');
  if (version === undefined || !existsSync(join(bin, 'initdb'))) {
    console.error('No PostgreSQL of the system; the project brings its own.');
    const { store, close } = await startTestStore();
    return { url: store.databaseUrl, close };
  }
  const user = unprivileged();
  const dir = mkdtempSync(join(tmpdir(), 'asa-postgres-'));
  if (user !== null) chownSync(dir, user.uid, user.gid);
  const as = { cwd: dir, ...user };
  const data = join(dir, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'asa', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...as,
    stdio: 'ignore',
  });
  const port = await freePort();
  const options = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', dir, '-c', 'fsync=off'];
  const child = spawn(join(bin, 'postgres'), options, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  const end = (): boolean => child.kill('SIGQUIT');
  process.once('exit', end);
  let printed = '';
  await new Promise<void>((ready, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (printed.length < 20_000) printed += chunk.toString();
      if (printed.includes('ready to accept connections')) ready();
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`PostgreSQL ended with ${code}: ${printed}`)));
  });
  return {
    url: `postgres://asa@127.0.0.1:${port}/postgres`,
    async close() {
      const gone = once(child, 'exit');
      if (end()) await gone;
      process.removeListener('exit', end);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root: the role that its package made, or nobody. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => {
    for (const name of ['postgres', 'nobody']) {
      try {
        return Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
      } catch {
        // No such user: the next one.
      }
    }
    throw new Error('there is no unprivileged user to run PostgreSQL as');
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}
