import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createVerifier } from '@asa/accounts';

/**
 * `npm run verify:ledger -- FILE [--hash HASH]`: re-adds an export of `GET /api/v1/ledger?format=ndjson` offline. Exit 0: it is as it was
 * written; 1: it is not, and the first entry where that shows is named; 2: wrong usage.
 * `--hash`: the hash of an entry known from elsewhere, of a receipt for example, which must be in the chain.
 */
const USAGE = 'Usage: npm run verify:ledger -- FILE [--hash HASH]';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { hash: { type: 'string' } } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    console.error(USAGE);
    return 2;
  }
  const verifier = createVerifier(values.hash);
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (verifier.line(line) !== null) break;
    }
  } catch (error) {
    console.error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const result = verifier.end();
  if ('problem' in result) {
    const where = result.seq === null ? `line ${result.line}` : `entry ${result.seq} (line ${result.line})`;
    console.error(`TAMPERED: ${where}: ${result.problem}.`);
    return 1;
  }
  const { workspace, start, end, entries, captures, charged, open } = result;
  console.log(`${workspace}: entries ${start.seq + 1} to ${end.seq} are whole (${entries}).`);
  console.log(
    `  ${captures} captures, ${charged} credits charged, ${open} requests in flight, balance ${end.balance}.`,
  );
  console.log(`  last hash ${end.hash}`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
