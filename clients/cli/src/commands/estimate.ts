import type { Estimated, NewBatch } from 'asa-client';
import { FAMILIES } from 'asa-client';
import { Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { readBatch } from '../input.ts';
import { examples, marketplaceOf, whole, withMarketplace, withShape } from '../options.ts';
import { printJson, printRecord, wantsTable, type Shape } from '../output.ts';

/** `asa estimate product|search|batch`. */
export function addEstimate(program: Command, context: () => Context): void {
  const estimate = program
    .command('estimate')
    .description(
      `What something would cost at most. Free; nothing is fetched. Exit code ${FAMILIES.billing.exitCode} when it could not be paid for now.`,
    );
  const ask = async (what: Estimated, options: Shape): Promise<void> => {
    const here = context();
    const answer = await (await here.client()).estimate(what, here.call);
    if (wantsTable(here, options)) printRecord(here, { ...answer });
    else printJson(here, answer);
    if (!answer.sufficient) throw new Exit(FAMILIES.billing.exitCode);
  };

  withShape(withMarketplace(estimate.command('product').description('A product.').argument('<asin>'))).action(
    (query: string, options: Shape) =>
      ask({ endpoint: 'amazon.product', params: { ...marketplaceOf({ ...options }), query } }, options),
  );

  withShape(withMarketplace(estimate.command('search').description('A search.').argument('<query...>')))
    .option('-p, --pages <n>', 'how many pages', whole(1, 10), 1)
    .addHelpText('after', examples('asa estimate search "usb c cable" --pages 3'))
    .action((words: string[], options: Shape & { pages: number }) => {
      const params = { ...marketplaceOf({ ...options }), query: words.join(' '), pages: options.pages };
      return ask({ endpoint: 'amazon.search', params }, options);
    });

  withShape(withMarketplace(estimate.command('batch').description('A batch.')))
    .argument('<file>', 'ASINs, URLs, queries or JSON objects, one a line; - for stdin')
    .addOption(
      new Option('-e, --endpoint <endpoint>', 'what each item is').choices(['product', 'search']).default('product'),
    )
    .addHelpText('after', examples('asa -q estimate batch asins.txt && asa batch create asins.txt --wait'))
    .action(async (file: string, options: Shape & { endpoint: string }) => {
      const items = await readBatch(context().world, file, marketplaceOf({ ...options }));
      const params = { endpoint: `amazon.${options.endpoint}`, items } as unknown as NewBatch;
      await ask({ endpoint: 'amazon.batch', params }, options);
    });
}
