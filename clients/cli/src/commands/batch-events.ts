import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, Exit } from '../exit.ts';
import { examples, withPage, withShape, type Page } from '../options.ts';
import { printJson, printRecord, printRows, wantsTable, type Shape } from '../output.ts';

/** `asa batch events|deliveries|redeliver`. */
export function addBatchEvents(batch: Command, context: () => Context): void {
  batch
    .command('events')
    .description('Each item as it ends, then the end of the batch: a line of JSON each, {event, id, data}.')
    .argument('<id>')
    .option('--after <event_id>', 'go on after this event')
    .addHelpText(
      'after',
      examples('asa batch events 0198c8a4-... | jq -c .data.status', 'asa batch events 0198c8a4-... --after 120'),
    )
    .action(async (id: string, { after }: { after?: string }) => {
      const here = context();
      const client = await here.client();
      for await (const event of client.batchEvents(id, { ...here.call, lastEventId: after })) {
        here.print(JSON.stringify(event));
        if (event.event === 'end' && (event.data.status !== 'complete' || event.data.failure_count > 0))
          throw new Exit(EXIT.some);
      }
    });

  withPage(
    withShape(
      batch
        .command('deliveries')
        .description('What was sent to the webhook of a batch, newest first, and what was answered.')
        .argument('<id>'),
    ),
  ).action(async (id: string, options: Shape & Page) => {
    const here = context();
    const client = await here.client();
    const { limit, cursor } = options;
    const page = await client.listDeliveries(id, { limit, cursor }, here.call);
    if (!wantsTable(here, options)) printJson(here, page);
    else
      printRows(
        here,
        ['id', 'event', 'index', 'status', 'attempts', 'last_error', 'next_attempt_at'],
        page.deliveries.map((one) => ({ ...one, attempts: one.attempts.length })),
      );
  });

  withShape(
    batch
      .command('redeliver')
      .description('Send an event to the webhook again, at once. Its id stays.')
      .argument('<id>'),
  )
    .option('--delivery <delivery_id>', 'which one (see deliveries); by default that of batch.completed')
    .addHelpText('after', examples('asa batch redeliver 0198c8a4-...'))
    .action(async (id: string, options: Shape & { delivery?: string }) => {
      const here = context();
      const client = await here.client();
      const { delivery } = await client.redeliver(id, { delivery_id: options.delivery }, here.call);
      if (wantsTable(here, options)) printRecord(here, { ...delivery });
      else printJson(here, delivery);
    });
}
