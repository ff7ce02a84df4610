// A server process for the tests: opens a store as its argument says, tells how that went in one line, closes at the end of its
// input, and exits without closing when there is any input.
import { once } from 'node:events';
import { openStore, StoreInUseError } from '../src/index.ts';
import type { StoreOptions } from '../src/index.ts';

export type ChildSays =
  | { open: true; url: string; node: string; cluster: string; postgres: number }
  | { open: false; name: string; message: string; holder: number | null };

const say = (line: ChildSays): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const store = await openStore(JSON.parse(process.argv[2] ?? '') as StoreOptions);
  const [row] = await store.query<{ cluster: string; file: string }>(
    `SELECT current_setting('data_directory') AS cluster, pg_read_file('postmaster.pid') AS file`,
  );
  say({
    open: true,
    url: store.databaseUrl,
    node: store.node.id,
    cluster: row?.cluster ?? '',
    postgres: Number.parseInt(row?.file ?? '', 10),
  });
  process.stdin.once('data', () => process.exit(3));
  await once(process.stdin.resume(), 'end');
  await store.close();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  say({
    open: false,
    name: error.name,
    message: error.message,
    holder: error instanceof StoreInUseError ? error.pid : null,
  });
}
