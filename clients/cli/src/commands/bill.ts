import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createLedgerVerifier, type LedgerProblem, type LedgerWhole } from 'asa-client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, Exit, UsageError } from '../exit.ts';
import { openInput } from '../input.ts';
import { examples, whole, withPage, withShape, type Page } from '../options.ts';
import { printJson, printRows, wantsTable, type Shape } from '../output.ts';
import { openOutput } from '../records.ts';
import { printable } from '../world.ts';

const HASH = /^[0-9a-f]{64}$/;
const HASH_OPTION = ['--hash <hash>', 'the hash of an entry known from elsewhere; it must be in the chain'] as const;

/** `asa bill`: the ledger, and whether it adds up. */
export function addBill(program: Command, context: () => Context): void {
  const bill = program
    .command('bill')
    .description('What was charged: the ledger of the workspace, and whether it adds up.');

  withPage(withShape(bill.command('list').description('Recent entries of the ledger, newest first.'))).action(
    async (options: Shape & Page) => {
      const here = context();
      const { limit, cursor } = options;
      const page = await (await here.client()).ledger({ limit, cursor }, here.call);
      if (!wantsTable(here, options)) printJson(here, page);
      else
        printRows(
          here,
          ['seq', 'kind', 'amount', 'request_id', 'reason', 'created_at'],
          page.entries.map((one) => ({ ...one })),
        );
    },
  );

  bill
    .command('export')
    .description('The whole ledger, oldest entry first, a line of JSON each; it is checked on the way.')
    .option('-o, --output <file>', 'write it to a file')
    .option('--after <n>', 'only what follows on the entry with this number', whole(0))
    .option(...HASH_OPTION)
    .addHelpText(
      'after',
      examples('asa bill export -o ledger.jsonl', 'asa bill export --after 1200 --hash 9f2c... -o more.jsonl'),
    )
    .action(async ({ output: path, after, hash }: { output?: string; after?: number; hash?: string }) => {
      const here = context();
      const verifier = createLedgerVerifier(readHash(hash));
      const client = await here.client();
      const output = path === undefined ? null : await openOutput(path, false);
      try {
        for await (const line of client.exportLedger({ after, ...here.call })) {
          const text = JSON.stringify(line);
          verifier.line(text);
          if (output === null) here.print(text);
          else await output.write(text);
        }
      } finally {
        await output?.close();
      }
      const result = verifier.end();
      if (result.ok) here.say(here.paintWords('dim', wordsOf(result)));
      else refuse(here, result);
    });

  withShape(bill.command('verify'))
    .description(
      'Checks an export of the ledger. Needs no server. Exit code 0 when it is as it was written, 1 when not.',
    )
    .argument('<file>', 'what "asa bill export" wrote; - for stdin')
    .option(...HASH_OPTION)
    .addHelpText(
      'after',
      examples(
        'asa bill verify ledger.jsonl',
        'asa bill verify ledger.jsonl --hash 9f2c...',
        'asa bill export | asa bill verify -',
      ),
    )
    .action(async (file: string, options: Shape & { hash?: string }) => {
      const here = context();
      const verifier = createLedgerVerifier(readHash(options.hash));
      try {
        const input = file === '-' ? openInput('-', here.world) : createReadStream(file);
        const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal: here.world.signal });
        for await (const line of lines) if (verifier.line(line) !== null) break;
      } catch (error) {
        throw new UsageError(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
      }
      here.world.signal.throwIfAborted();
      const result = verifier.end();
      if (!wantsTable(here, options)) printJson(here, result);
      else if (result.ok) here.print(wordsOf(result));
      if (!result.ok) refuse(here, result);
    });
}

/** @throws UsageError */
function readHash(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (HASH.test(text)) return text;
  throw new UsageError(`--hash ${JSON.stringify(text)} is not a hash of 64 hex digits in lower case.`);
}

const wordsOf = ({ workspace, start, end, entries, captures, charged, open }: LedgerWhole): string =>
  [
    `${printable(workspace)}: ${entries === 0 ? 'no entries' : `entries ${start.seq + 1} to ${end.seq} are whole`}.`,
    `${captures} captures, ${charged} credits charged, ${open} requests in flight, balance ${end.balance}.`,
    `last hash ${end.hash}`,
  ].join('\n');

/** @throws Exit always */
function refuse({ world, paintWords }: Context, { line, seq, problem }: LedgerProblem): never {
  const where = seq === null ? `line ${line}` : `entry ${seq} (line ${line})`;
  world.stderr.write(`${paintWords('red', 'TAMPERED:')} ${where}: ${printable(problem)}.\n`);
  throw new Exit(EXIT.failed);
}
