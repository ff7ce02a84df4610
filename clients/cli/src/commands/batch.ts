import type { Batch, NewBatch } from 'asa-client';
import { Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, Exit } from '../exit.ts';
import { readBatch } from '../input.ts';
import { examples, marketplaceOf, seconds, withMarketplace, withPage, withShape, type Page } from '../options.ts';
import { printJson, printRecord, printRows, wantsTable, type Shape } from '../output.ts';
import { progressBar } from '../progress.ts';
import { openOutput } from '../records.ts';
import { addBatchEvents } from './batch-events.ts';

type CreateOptions = Shape & { endpoint: string; webhook?: string; idempotencyKey?: string; wait?: boolean };

export function addBatch(program: Command, context: () => Context): void {
  const batch = program.command('batch').description('Up to 1,000 products or searches in one go.');

  withShape(withMarketplace(batch.command('create')))
    .description('Queue a batch; prints its id, and once the secret of its webhooks.')
    .argument('<file>', 'ASINs, URLs, queries or JSON objects, one a line; - for stdin')
    .addOption(
      new Option('-e, --endpoint <endpoint>', 'what each item is').choices(['product', 'search']).default('product'),
    )
    .option('-w, --webhook <url>', 'told when all is done')
    .option('--idempotency-key <key>', 'the same key makes no second batch within 24 hours')
    .option('--wait', 'wait until it is over')
    .addHelpText(
      'after',
      examples('asa batch create asins.txt --domain de --wait', 'head -100 asins.txt | asa batch create - --json'),
    )
    .action(async (file: string, options: CreateOptions) => {
      const here = context();
      const items = await readBatch(here.world, file, marketplaceOf({ ...options }));
      const client = await here.client();
      const body = {
        endpoint: `amazon.${options.endpoint}`,
        items,
        ...(options.webhook === undefined ? {} : { webhook_url: options.webhook }),
      } as unknown as NewBatch;
      const own = options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey };
      const created = await client.createBatch(body, { ...here.call, ...own });
      if (options.wait !== true) {
        show(here, options, created);
        return;
      }
      if (created.webhook_signature_secret !== undefined)
        here.say(`secret of the webhooks, shown only now: ${created.webhook_signature_secret}`);
      await wait(here, created.id, options);
    });

  withShape(batch.command('status').description('How far a batch is.').argument('<id>')).action(
    async (id: string, options: Shape) => {
      const here = context();
      const client = await here.client();
      show(here, options, await client.getBatch(id, { results: false, ...here.call }));
    },
  );

  withShape(batch.command('wait').description('Wait until a batch is over, with a progress bar.').argument('<id>'))
    .option('--max-wait <seconds>', 'give up after so long', seconds)
    .action((id: string, options: Shape & { maxWait?: number }) => wait(context(), id, options, options.maxWait));

  batch
    .command('results')
    .description('The results, a line of JSON each, in the order of the items.')
    .argument('<id>')
    .option('-o, --output <file>', 'write them to a file')
    .addHelpText(
      'after',
      examples('asa batch results 0198c8a4-... | jq -r .data.title', 'asa batch results 0198c8a4-... -o results.jsonl'),
    )
    .action(async (id: string, options: { output?: string }) => {
      const here = context();
      const client = await here.client();
      const output = options.output === undefined ? null : await openOutput(options.output, false);
      let failed = 0;
      try {
        for await (const result of client.batchResults(id, here.call)) {
          if (result.status === 'error') failed += 1;
          const line = JSON.stringify(result);
          if (output === null) here.print(line);
          else await output.write(line);
        }
      } finally {
        await output?.close();
      }
      if (failed > 0) throw new Exit(EXIT.some);
    });

  withShape(batch.command('cancel').description('Cancel what has not started.').argument('<id>')).action(
    async (id: string, options: Shape) => {
      const here = context();
      const client = await here.client();
      show(here, options, await client.cancelBatch(id, here.call));
    },
  );

  addBatchEvents(batch, context);

  withPage(withShape(batch.command('list').description('Recent batches, newest first.'))).action(
    async (options: Shape & Page) => {
      const here = context();
      const client = await here.client();
      const page = await client.listBatches({ limit: options.limit, cursor: options.cursor }, here.call);
      if (!wantsTable(here, options)) printJson(here, page);
      else
        printRows(
          here,
          ['id', 'status', 'endpoint', 'processed_count', 'total_count', 'failure_count', 'created_at'],
          page.batches.map((one) => ({ ...one })),
        );
    },
  );
}

function show(here: Context, options: Shape, answer: object): void {
  if (wantsTable(here, options)) printRecord(here, { ...answer });
  else printJson(here, answer);
}

async function wait(here: Context, id: string, options: Shape, maxWaitSeconds?: number): Promise<void> {
  const client = await here.client();
  const bar = progressBar(here);
  let batch: Batch;
  try {
    batch = await client.waitForBatch(id, {
      ...here.call,
      ...(maxWaitSeconds === undefined ? {} : { deadlineMs: maxWaitSeconds * 1000 }),
      onProgress: ({ processed_count, total_count, failure_count }) =>
        bar.show(processed_count, total_count, failure_count),
    });
  } finally {
    bar.stop();
  }
  show(here, options, batch);
  if (batch.status !== 'complete' || batch.failure_count > 0) throw new Exit(EXIT.some);
}
