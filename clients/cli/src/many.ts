import { AmazonScraperAPIError, type AmazonScraperAPI, type CallOptions } from 'asa-client';
import type { Context } from './context.ts';
import { EXIT, Exit, UsageError } from './exit.ts';
import { openInput, readItems, type Item } from './input.ts';
import { project } from './output.ts';
import { pool } from './pool.ts';
import { identity, openOutput, type Output, type RecordLine } from './records.ts';

/** Options of a command that asks for many items. */
export interface ManyOptions {
  readonly output?: string;
  readonly resume?: boolean;
  readonly concurrency: number;
  readonly fields?: readonly string[];
}

type Ask = (client: AmazonScraperAPI, item: Item, options: CallOptions) => PromiseLike<object>;

/** The items given as arguments, and those of standard input for `-`. */
export async function* itemsOf(context: Context, given: readonly string[], defaults: object): AsyncGenerator<Item> {
  for (const name of given) {
    if (name === '-') {
      for await (const item of readItems(openInput('-', context.world), 'stdin', context.world.signal))
        yield { ...defaults, ...item };
    } else yield { ...defaults, query: name };
  }
}

/** Errors that concern the key or the account: every other item would meet them, too. */
const FOR_ALL: ReadonlySet<string> = new Set(['auth', 'billing']);

/**
 * Asks for each item and writes a line of JSON for it as soon as it is there, in the order in which they come back. What the output has
 * already is left out with `resume`; the same item is asked for once.
 * @throws Exit when some failed
 */
export async function askForMany(
  context: Context,
  items: AsyncIterable<Item>,
  options: ManyOptions,
  ask: Ask,
): Promise<void> {
  const { output: path, resume = false, concurrency, fields } = options;
  if (resume && path === undefined)
    throw new UsageError('--resume needs --output FILE: the file that is to be completed.');
  const { say, paintWords } = context;
  const client = await context.client({ limiter: { concurrency } });
  const output = path === undefined ? toStdout(context) : await openOutput(path, resume);
  const counts = { ok: 0, failed: 0, passed: 0 };
  const seen = new Set(output.done);

  async function* wanted(): AsyncGenerator<Item> {
    for await (const item of items) {
      const id = identity(item);
      if (seen.has(id)) counts.passed += 1;
      else {
        seen.add(id);
        yield item;
      }
    }
  }
  const one = async (item: Item): Promise<void> => {
    const line = (record: Omit<RecordLine, 'input'>): Promise<void> =>
      output.write(JSON.stringify({ input: item, ...record }));
    try {
      const data = await ask(client, item, context.call);
      await line({ status: 'ok', data: project(data as Record<string, unknown>, fields), error: null });
      counts.ok += 1;
    } catch (error) {
      if (!(error instanceof AmazonScraperAPIError) || FOR_ALL.has(error.family) || error.family === 'cancelled')
        throw error;
      const { code, status, message, requestId, retryable } = error;
      await line({ status: 'error', data: null, error: { code, status, message, request_id: requestId, retryable } });
      counts.failed += 1;
    }
  };
  try {
    await pool(wanted(), concurrency, one);
  } finally {
    await output.close();
    const passed = counts.passed === 0 ? '' : `, ${counts.passed} left out (done already, or asked for twice)`;
    say(paintWords('dim', `${counts.ok} done, ${counts.failed} failed${passed}`));
  }
  if (counts.failed > 0) throw new Exit(EXIT.some);
}

const toStdout = ({ print }: Context): Output => ({
  done: new Set(),
  async write(line) {
    print(line);
  },
  async close() {},
});
