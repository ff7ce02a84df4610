import { ProductAnswer, SearchAnswer, SearchCard, Trace } from '@asa/contract';
import type { z } from 'zod';
import { objectIn, schemaOf, typeName, type Schema } from './schema.ts';
import { code, table } from './table.ts';

/** Tables of the fields of an answer. A field that holds objects names their keys in the same row. */

export function rowsOf(fields: Readonly<Record<string, Schema>>): string[][] {
  return Object.entries(fields).map(([name, schema]) => {
    const inner = objectIn(schema);
    const keys =
      inner === null
        ? ''
        : `Keys: ${Object.entries(inner)
            .map(
              ([key, value]) =>
                `${code(key)} (${typeName(value)}${value.description === undefined ? '' : `: ${sentence(value.description)}`})`,
            )
            .join(', ')}.`;
    return [code(name), typeName(schema), [schema.description ?? '', keys].filter(Boolean).join('\n')];
  });
}

const sentence = (text: string): string => text.replace(/\.$/, '');

export const fieldsOf = (schema: z.ZodType): Readonly<Record<string, Schema>> => schemaOf(schema).properties ?? {};
export const HEAD = ['Field', 'Type', 'What it is'];

/** Fields by the question they answer; a test sees that none is left out. */
export const PRODUCT_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'The product': [
    'asin',
    'parent_asin',
    'title',
    'brand',
    'brand_url',
    'manufacturer',
    'model_number',
    'kind',
    'url',
    'domain',
    'language',
    'gtins',
    'date_first_available',
  ],
  'The price': [
    'price',
    'price_string',
    'currency',
    'price_buybox',
    'price_strikethrough',
    'price_strikethrough_label',
    'savings',
    'price_min',
    'price_max',
    'price_shipping',
    'price_subscribe',
    'unit_price',
    'coupon',
    'deal',
    'no_price_reason',
  ],
  'The offer': [
    'page_state',
    'availability',
    'stock',
    'stock_left',
    'max_quantity',
    'is_prime',
    'buybox',
    'featured_merchant',
    'offers',
    'delivery',
    'delivered_to',
  ],
  'What shoppers say': [
    'rating',
    'reviews_count',
    'rating_histogram',
    'review_summary',
    'reviews',
    'answered_questions_count',
    'sales_volume',
    'sales_rank',
    'is_best_seller',
    'is_amazons_choice',
    'badges',
  ],
  'The description': [
    'images',
    'videos',
    'has_videos',
    'bullet_points',
    'description',
    'aplus',
    'category',
    'product_overview',
    'product_details',
    'technical_details',
    'product_dimensions',
    'item_weight',
    'authors',
  ],
  'Other forms of it': ['variations', 'variation_dimensions', 'formats', 'frequently_bought_together'],
  'The request': ['request_id', 'fetched_at', 'html'],
};

export function productFields(): string {
  const fields = fieldsOf(ProductAnswer);
  const grouped = new Set(Object.values(PRODUCT_GROUPS).flat());
  const missing = Object.keys(fields).filter((name) => !grouped.has(name));
  if (missing.length > 0) throw new Error(`fields without a group in the docs: ${missing.join(', ')}`);
  return Object.entries(PRODUCT_GROUPS)
    .map(([group, names]) => {
      const chosen = Object.fromEntries(names.map((name) => [name, fieldOf(fields, name)]));
      return `### ${group}\n\n${table(HEAD, rowsOf(chosen))}`;
    })
    .join('\n\n');
}

function fieldOf(fields: Readonly<Record<string, Schema>>, name: string): Schema {
  const found = fields[name];
  if (found === undefined) throw new Error(`the docs name a field that does not exist: ${name}`);
  return found;
}

export const cardFields = (): string => table(HEAD, rowsOf(fieldsOf(SearchCard)));

export function listFields(): string {
  const { products: _cards, ...rest } = fieldsOf(SearchAnswer);
  return table(HEAD, rowsOf(rest));
}

export const traceFields = (): string => table(HEAD, rowsOf(fieldsOf(Trace)));
