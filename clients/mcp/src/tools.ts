import {
  CREDITS_PER_UNIT,
  type AmazonScraperAPI,
  type AnswerMeta,
  type BatchItemResult,
  type NewBatch,
  type ProductParams,
  type SearchParams,
} from 'asa-client';
import type { ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { briefAccount, briefBatch, briefProduct, briefSearch, type Cost } from './brief.ts';
import { SCHEMAS, type ObjectSchema } from './generated/schemas.ts';

type Facts = Readonly<Record<string, unknown>>;
type Args = Readonly<Record<string, unknown>>;

/** One tool: what it is told to the model, and what it does. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema & { readonly additionalProperties: false };
  readonly outputSchema: ObjectSchema;
  readonly annotations: ToolAnnotations;
  readonly run: (client: AmazonScraperAPI, args: Args, signal: AbortSignal) => Promise<Facts>;
}

const DETAIL = {
  detail: {
    type: 'string',
    enum: ['brief', 'full'],
    default: 'brief',
    description:
      '`brief`: the most important fields, under 400 tokens. `full`: everything that the page shows, often several thousand tokens.',
  },
};
const COST = {
  cost_credits: { type: ['integer', 'null'], description: 'Credits taken for this answer.' },
  credits_remaining: { type: ['integer', 'null'], description: 'Credits that can still be spent.' },
};

/** Parameters that mean nothing to a model, or would flood it. */
const HIDDEN = new Set(['add_html', 'render_js', 'screenshot', 'page']);

/** The contract's parameters, and the tool's own. */
const input = (schema: ObjectSchema, more: Facts, hidden: ReadonlySet<string> = HIDDEN): Tool['inputSchema'] => ({
  type: 'object',
  properties: {
    ...Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !hidden.has(name))),
    ...(more as Record<string, object>),
  },
  ...(schema.required === undefined ? {} : { required: schema.required }),
  additionalProperties: false,
});

/** The contract's answer, of which a brief one has a part, and what the tool adds. */
const output = (
  schema: ObjectSchema,
  more: Readonly<Record<string, object>>,
  required: readonly string[],
): ObjectSchema => ({
  type: 'object',
  properties: { ...schema.properties, ...more },
  required,
});

const costOf = ({ cost, creditsRemaining }: AnswerMeta): Cost => ({
  cost_credits: cost,
  credits_remaining: creditsRemaining,
});
const words = (about: string, type = 'string'): object => ({ type, description: about });

const product: Tool = {
  name: 'amazon_product',
  title: 'Amazon product',
  description: `One Amazon product by its ASIN or URL: price, availability, rating, seller, delivery, category and more, as the page shows it now. Costs ${CREDITS_PER_UNIT} credits when it succeeds; errors are free.`,
  inputSchema: input(SCHEMAS.product.input, DETAIL),
  outputSchema: output(
    SCHEMAS.product.output,
    {
      ...COST,
      seller: words('Brief only: seller of the featured offer.'),
      delivery_text: words('Brief only: the first delivery promise.'),
      deal_text: words('Brief only: the badge of the deal.'),
      category_name: words('Brief only: the narrowest category.'),
      variations_count: words('Brief only: how many variations there are.', 'integer'),
      highlights: { type: 'array', items: { type: 'string' }, description: 'Brief only: the first bullet points.' },
    },
    ['asin', 'title', 'request_id'],
  ),
  annotations: { readOnlyHint: true, openWorldHint: true },
  async run(client, { detail, ...params }, signal) {
    const { data, meta } = await client.product(params as unknown as ProductParams, { signal }).withMeta();
    return detail === 'full' ? { ...data, ...costOf(meta) } : briefProduct(data, costOf(meta));
  },
};

/** The cards of a search with only some of their keys. */
function partialCards(schema: ObjectSchema): ObjectSchema {
  const list = schema.properties['products'] as { readonly items: ObjectSchema };
  const { required: _required, ...items } = list.items;
  return {
    ...schema,
    properties: { ...schema.properties, products: { ...list, items: { ...items, required: ['asin', 'title'] } } },
  };
}

const search: Tool = {
  name: 'amazon_search',
  title: 'Amazon search',
  description: `Search Amazon: products with price, rating and position, in the order of the result page. Costs ${CREDITS_PER_UNIT} credits a page (see \`pages\`) when it succeeds; errors are free.`,
  inputSchema: input(SCHEMAS.search.input, DETAIL),
  outputSchema: output(
    partialCards(SCHEMAS.search.output),
    {
      ...COST,
      products_count: words(
        'Brief only: how many products were found on these pages; the list may show fewer.',
        'integer',
      ),
      currency: words('Brief only: the currency of the prices.'),
    },
    ['query', 'products', 'request_id'],
  ),
  annotations: { readOnlyHint: true, openWorldHint: true },
  async run(client, { detail, ...params }, signal) {
    const { data, meta } = await client.search(params as unknown as SearchParams, { signal }).withMeta();
    return detail === 'full' ? { ...data, ...costOf(meta) } : briefSearch(data, costOf(meta));
  },
};

const batchCreate: Tool = {
  name: 'amazon_batch_create',
  title: 'Start an Amazon batch',
  description: `Queue 1 to 1,000 products or searches at once; answers the id at once, to be looked at with amazon_batch_status. Costs ${CREDITS_PER_UNIT} credits for each product or result page that succeeds; failures are free. \`max_credits\` bounds it.`,
  inputSchema: input(SCHEMAS.createBatch.input, {}, new Set(['webhook_url', 'webhook_events'])),
  outputSchema: output(
    SCHEMAS.createBatch.output,
    { cost_credits_at_most: words('What the batch costs when everything succeeds.', 'integer') },
    ['id', 'status', 'total_count', 'request_id'],
  ),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run(client, args, signal) {
    const items = args['items'] as readonly Args[];
    const created = await client.createBatch(args as unknown as NewBatch, { signal });
    const units = items.map(({ pages }) => (args['endpoint'] === 'amazon.search' ? Number(pages ?? 1) : 1));
    return { ...created, cost_credits_at_most: units.reduce((all, n) => all + n, 0) * CREDITS_PER_UNIT };
  },
};

/** Results that one look shows at most. */
const MOST_RESULTS = 20;

const batchStatus: Tool = {
  name: 'amazon_batch_status',
  title: 'Look at an Amazon batch',
  description:
    'How far a batch is, and its results from `from` on: brief, one line each, as many as fit; full, up to `limit` whole answers. `next_result` is the `from` of the next look. Free.',
  inputSchema: {
    type: 'object',
    properties: {
      id: words('Id of the batch.'),
      from: { type: 'integer', minimum: 0, default: 0, description: 'First result to show, from 0.' },
      limit: {
        type: 'integer',
        minimum: 0,
        maximum: MOST_RESULTS,
        default: 10,
        description: 'Results to show at most.',
      },
      ...DETAIL,
    },
    required: ['id'],
    additionalProperties: false,
  },
  outputSchema: output(
    {
      ...SCHEMAS.getBatch.output,
      properties: {
        ...SCHEMAS.getBatch.output.properties,
        results: {
          type: 'array',
          items: { type: 'object', properties: { index: { type: 'integer' }, status: { type: 'string' } } },
        },
      },
    },
    { next_result: words('The `from` of the next look; missing when there is no more.', 'integer') },
    ['id', 'status', 'total_count', 'processed_count', 'results', 'request_id'],
  ),
  annotations: { readOnlyHint: true, openWorldHint: true },
  async run(client, args, signal) {
    const { id, from = 0, limit = 10, detail } = args as { id: string; from?: number; limit?: number; detail?: string };
    const batch = await client.getBatch(id, { results: false, signal });
    const results: BatchItemResult[] = [];
    if (limit > 0 && from < batch.processed_count) {
      for await (const result of client.batchResults(id, { signal })) {
        if (result.index >= from) results.push(result);
        if (results.length === limit) break;
      }
    }
    if (detail !== 'full') return briefBatch(batch, results, from);
    const next = from + results.length;
    return { ...batch, results, ...(next < batch.processed_count ? { next_result: next } : {}) };
  },
};

const account: Tool = {
  name: 'amazon_account',
  title: 'Account',
  description: 'Plan, credits left, ceilings and usage of the account that pays for these tools. Free.',
  inputSchema: { type: 'object', properties: DETAIL, additionalProperties: false },
  outputSchema: output(
    {
      ...SCHEMAS.account.output,
      // The brief one leaves out what is held, and sums the usage up.
      properties: {
        ...SCHEMAS.account.output.properties,
        credits: { type: 'object', properties: { total: { type: 'integer' } }, required: ['total'] },
      },
    },
    { usage_30_days: { type: 'object', description: 'Brief only: the sums of the last 30 days.' } },
    ['workspace', 'plan', 'credits', 'limits', 'request_id'],
  ),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(client, { detail }, signal) {
    const answer = await client.account({ signal });
    return detail === 'full' ? { ...answer } : briefAccount(answer);
  },
};

export const TOOLS: readonly Tool[] = [product, search, batchCreate, batchStatus, account];
