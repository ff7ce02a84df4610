import type { AccountAnswer, Batch, BatchItemResult, ProductAnswer, SearchAnswer } from 'asa-client';
import { compact, cut, fit } from './budget.ts';

/** The projections of `detail: brief`: what a model needs most, under 400 tokens. Names are those of the full answer wherever a field is taken over. Pure. */

type Facts = Readonly<Record<string, unknown>>;

const TITLE = 110;
const LINE = 90;
const LINES = 3;
const SHORT = 60;

/** What is told of the cost of an answer. */
export interface Cost {
  readonly cost_credits: number | null;
  readonly credits_remaining: number | null;
}

export function briefProduct(product: ProductAnswer, cost: Cost): Facts {
  const [offer] = product.buybox;
  const head = { asin: product.asin, title: cut(product.title, TITLE) };
  const rest = compact({
    price: product.price,
    currency: product.currency,
    no_price_reason: product.no_price_reason,
    availability: product.availability,
    rating: product.rating,
    reviews_count: product.reviews_count,
    ...cost,
    request_id: product.request_id,
    brand: short(product.brand),
    price_strikethrough: product.price_strikethrough,
    is_prime: product.is_prime,
    seller: short(offer?.seller_name ?? null),
    delivery_text: short(product.delivery[0]?.text ?? null),
    coupon: short(product.coupon),
    deal_text: short(product.deal?.text ?? null),
    stock: short(product.stock),
    sales_volume: short(product.sales_volume),
    category_name: short(product.category[0]?.ladder.at(-1)?.name ?? null),
    url: product.url === null ? null : cut(product.url, LINE),
    badges: product.badges.slice(0, LINES).map((badge) => cut(badge, SHORT)),
    variations_count: product.variations.length,
    highlights: (product.bullet_points ?? '')
      .split('\n')
      .slice(0, LINES)
      .filter(Boolean)
      .map((line) => cut(line, LINE)),
  });
  return fit({ ...head, ...rest }, ['asin', 'title', 'availability', 'cost_credits', 'request_id']);
}

export function briefSearch(answer: SearchAnswer, cost: Cost): Facts {
  const products = answer.products.map((card) => ({
    asin: card.asin,
    title: cut(card.title, SHORT),
    ...compact({ price: card.price, rating: card.rating, is_sponsored: card.is_sponsored }),
  }));
  const rest = compact({
    domain: answer.domain,
    currency: answer.products.find(({ currency }) => currency !== null)?.currency ?? null,
    total_results: answer.total_results,
    pages_fetched: answer.pages_fetched,
    no_results: answer.no_results,
    corrected_query: short(answer.corrected_query),
    ...cost,
    request_id: answer.request_id,
    products_count: answer.products.length,
  });
  const facts = { query: cut(answer.query, SHORT), ...rest };
  // The list comes last, so that it is what is shortened; an empty one says that there is none.
  return fit({ ...facts, products }, [...Object.keys(facts), 'products']);
}

/** A result of a batch in one line. */
export const briefResult = ({ index, status, error, message, data }: BatchItemResult): Facts =>
  compact({
    index,
    status,
    error,
    message: short(message),
    ...(data === null
      ? {}
      : 'products' in data
        ? { products_count: data.products.length, top: short(data.products[0]?.title ?? null) }
        : { asin: data.asin, title: cut(data.title, SHORT), price: data.price, currency: data.currency }),
  });

export function briefBatch(batch: Batch, results: readonly BatchItemResult[], from: number): Facts {
  const {
    id,
    status,
    endpoint,
    total_count,
    processed_count,
    success_count,
    failure_count,
    credits_charged,
    request_id,
  } = batch;
  const facts = {
    id,
    status,
    endpoint,
    total_count,
    processed_count,
    success_count,
    failure_count,
    credits_charged,
    request_id,
  };
  // Room for the number that is added below.
  const fitted = fit({ ...facts, results: results.map(briefResult) }, [...Object.keys(facts), 'results'], 390);
  const told = (fitted['results'] as readonly unknown[]).length;
  const next = from + told;
  return next < processed_count ? { ...fitted, next_result: next } : fitted;
}

export function briefAccount(account: AccountAnswer): Facts {
  const { allowance_left, topup_left, total, resets_at } = account.credits;
  const sum = (name: 'requests' | 'succeeded' | 'credits'): number =>
    account.usage.reduce((all, day) => all + day[name], 0);
  return {
    workspace: account.workspace,
    plan: account.plan,
    credits: { allowance_left, topup_left, total, resets_at },
    limits: account.limits,
    usage_30_days: { requests: sum('requests'), succeeded: sum('succeeded'), credits: sum('credits') },
    request_id: account.request_id,
  };
}

const short = (text: string | null): string | null => (text === null ? null : cut(text, SHORT));
