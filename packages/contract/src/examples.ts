/**
 * Examples of the OpenAPI document, made from the schemas: a value by the name of its field where one says more than its type does, else by
 * the type. So every operation has one, and none can be forgotten. Both validators of the docs' tests hold them against the schemas.
 */

type Json = Readonly<Record<string, unknown>>;

const TIME = '2026-11-24T09:30:00.000Z';

/** Field name -> a plausible value. A value that does not fit a schema of that name is not used there. */
const BY_NAME: Json = {
  request_id: 'req_9f2c8a1b3e4d',
  asin: 'B0ASA00001',
  parent_asin: 'BPASA00004',
  title: 'Quillon BP-4035 Whole Bean Coffee, 500 g',
  brand: 'Quillon',
  manufacturer: 'Quillon',
  price: 10.59,
  price_buybox: 10.59,
  price_strikethrough: 13.39,
  price_strikethrough_label: 'Was',
  price_string: '$10.59',
  price_shipping: 0,
  price_min: null,
  price_max: null,
  price_subscribe: null,
  no_price_reason: null,
  highest_price: null,
  html: '<!doctype html>...',
  currency: 'USD',
  stock: 'In Stock',
  rating: 4.4,
  reviews_count: 33,
  url: 'https://www.amazon.com/dp/B0ASA00001',
  resolved_url: 'https://www.amazon.com/dp/B0ASA00001',
  brand_url: 'https://www.amazon.com/stores/Quillon',
  image: 'https://m.media-amazon.com/images/I/71vQKmgI3BL.jpg',
  thumbnail: 'https://m.media-amazon.com/images/I/71vQKmgI3BL.jpg',
  images: ['https://m.media-amazon.com/images/I/71vQKmgI3BL.jpg'],
  bullet_points: 'Two-year guarantee.\nLight enough to carry all day.',
  description: 'For people who want one good thing instead of three bad ones.',
  domain: 'com',
  language: 'en_US',
  country: 'US',
  exit_country: 'US',
  query: 'whole bean coffee',
  seller_name: 'Maplegate Trading',
  seller_id: 'AF011HDXU9VMCJ',
  ships_from: 'Amazon',
  condition: 'New',
  returns: 'FREE 30-day refund/replacement',
  name: 'Example',
  author: 'Mara Lindqvist',
  content: 'Would buy it again.',
  timestamp: '2025-01-18',
  date: '2026-11-24',
  date_first_available: '2019-05-03',
  unit: 'kg',
  item_weight: '500 g',
  product_dimensions: '59.1 x 23 x 22.3 cm',
  delivered_to: 'United States',
  sales_volume: '200+ bought in past month',
  category: 'Grocery',
  model_number: 'BP-4035',
  rating_histogram: { '1': 0.06, '2': 0.06, '3': 0.02, '4': 0.13, '5': 0.73 },
  dimensions: { Size: '500 g' },
  product_details: { Manufacturer: 'Quillon' },
  params: { query: 'B0ASA00001', domain: 'com' },
  total_results: 1284,
  total_results_string: '1-48 of over 1,000 results',
  pages_fetched: 1,
  corrected_query: null,
  sponsored_position: null,
  id: '0198c2f4-5d1e-7c3a-9b52-6f0d8e7a4c11',
  workspace: '0198c2f4-5d1e-7c3a-9b52-6f0d8e7a4c11',
  key: 'asa_live_Ab3dEfGh1jK2',
  short_prefix: 'asa_live_Ab3dEfGh1jK2',
  created_at: TIME,
  started_at: TIME,
  received_at: TIME,
  fetched_at: TIME,
  first_seen: TIME,
  last_seen: TIME,
  last_used_at: TIME,
  completed_at: TIME,
  resets_at: '2026-12-01T00:00:00.000Z',
  ends_at: null,
  revoked_at: null,
  next_cursor: null,
  status: 200,
  http_status: 200,
  error: null,
  credits: 5,
  allowance_left: 405_000,
  topup_left: 5000,
  held: 0,
  total: 410_000,
  rps: 25,
  burst_rps: 60,
  concurrency: 200,
  amount: 5000,
  reason: 'invoice 1001',
  endpoint: 'amazon.product',
  tier: 'direct',
  version: '0.1.0',
  duration_ms: 1840,
  ms: 12,
  bytes: 254_310,
  note: '',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': TIME,
  date: TIME.slice(0, 10),
  uri: 'https://example.com/',
  uuid: '0198c2f4-5d1e-7c3a-9b52-6f0d8e7a4c11',
};

/** An example of a JSON Schema; `name` is the field that holds it. */
export function exampleOf(schema: Json, name = ''): unknown {
  if (name in BY_NAME && fits(schema, BY_NAME[name])) return BY_NAME[name];
  if ('const' in schema) return schema['const'];
  const words = schema['enum'] as readonly unknown[] | undefined;
  if (words !== undefined) return words[0];
  const options = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
  if (options !== undefined) return exampleOf(options.find((option) => option['type'] !== 'null') ?? {}, name);
  const type = [schema['type']].flat()[0];
  if (type === 'object') return objectExample(schema);
  if (type === 'array') {
    const item = exampleOf((schema['items'] ?? {}) as Json, singular(name));
    return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => item);
  }
  if (type === 'integer' || type === 'number') return Math.max(1, Number(schema['minimum'] ?? 1));
  if (type === 'boolean') return false;
  return type === 'null' ? null : (BY_FORMAT[String(schema['format'])] ?? 'text');
}

function objectExample(schema: Json): Json {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>);
  return Object.fromEntries(properties.map(([name, value]) => [name, exampleOf(value, name)]));
}

/** The named value is used only where the schema allows it. */
function fits(schema: Json, value: unknown): boolean {
  const options = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
  if (options !== undefined) return options.some((option) => fits(option, value));
  const words = schema['enum'] as readonly unknown[] | undefined;
  if (words !== undefined) return words.includes(value);
  if ('const' in schema) return schema['const'] === value;
  const pattern = schema['pattern'];
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern).test(value)) return false;
  // A named object stands for a map; an object with keys of its own is made from them.
  if (schema['properties'] !== undefined) return false;
  return [schema['type']].flat().some((type) => typeFits(type, value));
}

function typeFits(type: unknown, value: unknown): boolean {
  if (value === null) return type === 'null';
  if (Array.isArray(value)) return type === 'array';
  if (typeof value === 'number') return type === 'number' || (type === 'integer' && Number.isInteger(value));
  return type === typeof value;
}

const singular = (name: string): string => (name === 'images' ? 'image' : name.replace(/s$/, ''));
