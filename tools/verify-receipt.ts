import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { RECEIPT_KEYS_PATH, ReceiptKeysAnswer, verifyReceipt } from '@asa/contract';

/**
 * Checks one receipt: `npm run verify:receipt -- --receipt <text or file> [--body <file>] --keys <file or URL of the service>`.
 * Prints what it states and exits with 0; or says what is wrong and exits with 1.
 */

const USAGE =
  'Usage: npm run verify:receipt -- --receipt <Asa-Receipt, or a file with it> --keys <URL of the service, or a file> [--body <file with the exact bytes of the answer>]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { receipt: { type: 'string' }, body: { type: 'string' }, keys: { type: 'string' } },
  });
  const { receipt, keys, body } = values;
  if (receipt === undefined || keys === undefined) throw new Error(USAGE);
  const text = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(receipt) ? receipt : await readFile(receipt, 'utf8');
  const bytes = body === undefined ? undefined : new Uint8Array(await readFile(body));
  const set = ReceiptKeysAnswer.pick({ keys: true }).safeParse(await readKeys(keys));
  if (!set.success) throw new Error(`${keys} is no set of receipt keys.`);
  const check = await verifyReceipt(text, set.data.keys, bytes);
  if (!check.ok) throw new Error(`This receipt is not valid: ${check.problem}.`);
  console.log(JSON.stringify(check.claims, null, 2));
  const compared = bytes === undefined ? 'The body was not compared (--body).' : 'The body is the one that was sent.';
  console.log(`Valid: signed with key ${check.kid}. ${compared}`);
}

async function readKeys(from: string): Promise<unknown> {
  if (!/^https?:\/\//.test(from)) return JSON.parse(await readFile(from, 'utf8'));
  const url = from.endsWith('.json') ? from : new URL(RECEIPT_KEYS_PATH, from).href;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.json();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
