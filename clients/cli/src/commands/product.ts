import { CREDITS_PER_UNIT, FIELDS, type ProductParams, type SearchParams } from 'asa-client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { askForMany, itemsOf, type ManyOptions } from '../many.ts';
import { examples, marketplaceOf, whole, withFields, withMany, withMarketplace, withShape } from '../options.ts';
import {
  checkFields,
  printJson,
  printRaw,
  printRecord,
  printRows,
  project,
  wantsTable,
  type Shape,
} from '../output.ts';

type Options = Shape & ManyOptions & { readonly jsonl?: boolean };

/** Many items, or one for which lines are wanted. */
const isMany = (queries: readonly string[], { jsonl, output, resume }: Options): boolean =>
  queries.length > 1 || queries[0] === '-' || jsonl === true || output !== undefined || resume === true;

export function addProduct(program: Command, context: () => Context): void {
  withMany(withShape(withFields(withMarketplace(program.command('product')))))
    .description(`One product page, or many. ${CREDITS_PER_UNIT} credits each.`)
    .argument('<asin...>', 'ASINs or product URLs; - reads them from stdin, one a line')
    .addHelpText(
      'after',
      examples(
        'asa product B0ASA00001 --domain de --fields title,price',
        'asa product B0ASA00001 --json | jq .price',
        'asa product - --jsonl --concurrency 20 < asins.txt > products.jsonl',
        'asa product - -o products.jsonl --resume < asins.txt',
      ),
    )
    .action(async (queries: string[], options: Options) => {
      const here = context();
      checkFields(options.fields, FIELDS.product);
      const defaults = marketplaceOf({ ...options });
      if (isMany(queries, options)) {
        await askForMany(here, itemsOf(here, queries, defaults), options, (client, item, call) =>
          client.product(item, call),
        );
        return;
      }
      const client = await here.client();
      const params = { ...defaults, query: queries[0] ?? '' } as ProductParams;
      const { data, meta } = await client.product(params, here.call).withMeta();
      const chosen = project({ ...data }, options.fields);
      if (options.raw === true) printRaw(here, chosen);
      else if (wantsTable(here, options)) printRecord(here, chosen);
      else printJson(here, chosen);
      here.say(
        here.paintWords('dim', `${meta.cost ?? 0} credits · ${meta.attempts ?? 0} attempts · ${meta.requestId}`),
      );
    });
}

const CARD = ['organic_position', 'asin', 'title', 'price_string', 'rating', 'reviews_count', 'is_sponsored'];

export function addSearch(program: Command, context: () => Context): void {
  withMany(withShape(withFields(withMarketplace(program.command('search')))))
    .description(`Result pages of a search. ${CREDITS_PER_UNIT} credits a page.`)
    .argument('<query...>', 'what to search for; - reads queries from stdin, one a line')
    .option('-s, --sort <order>', 'best_match, price_asc, price_desc, avg_customer_review or newest')
    .option('-p, --pages <n>', 'how many pages', whole(1, 10), 1)
    .option('--start-page <n>', 'first page', whole(1, 10), 1)
    .addHelpText(
      'after',
      examples(
        'asa search "usb c cable" --sort price_asc --pages 3',
        'asa search "usb c cable" --fields asin,title,price --json',
        'asa search - --jsonl < queries.txt',
      ),
    )
    .action(async (words: string[], options: Options & { sort?: string; pages: number; startPage: number }) => {
      const here = context();
      const { sort, pages, startPage: start_page } = options;
      const isLines = isMany([words.join(' ')], options);
      checkFields(options.fields, isLines ? FIELDS.search : FIELDS.card);
      const defaults = {
        ...marketplaceOf({ ...options }),
        pages,
        start_page,
        ...(sort === undefined ? {} : { sort_by: sort }),
      };
      // Words without quotes around them are one query; many queries come from stdin.
      const queries = [words.join(' ')];
      if (isLines) {
        await askForMany(here, itemsOf(here, queries, defaults), options, (client, item, call) =>
          client.search(item, call),
        );
        return;
      }
      const client = await here.client();
      const params = { ...defaults, query: queries[0] ?? '' } as SearchParams;
      const { data, meta } = await client.search(params, here.call).withMeta();
      const { fields } = options;
      const cards = data.products.map((card) => project({ ...card }, fields));
      if (options.raw === true) for (const card of cards) printRaw(here, card);
      else if (wantsTable(here, options)) printRows(here, fields ?? CARD, cards);
      else printJson(here, fields === undefined ? data : cards);
      const total = data.total_results === null ? '' : ` of ${data.total_results}`;
      here.say(
        here.paintWords('dim', `${cards.length}${total} results · ${meta.cost ?? 0} credits · ${meta.requestId}`),
      );
    });
}
