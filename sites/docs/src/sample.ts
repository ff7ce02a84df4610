/** Some fields of the sandbox's answer to `query=B0ASA00001`; a test compares them with what it really answers. */
export const SAMPLE = {
  asin: 'B0ASA00001',
  title: 'Quillon BP-4035 Whole Bean Coffee, 500 g',
  price: 10.59,
  currency: 'USD',
  unit_price: { price: 21.18, unit: 'kg' },
  availability: 'in_stock',
  rating: 4.4,
  no_price_reason: null,
};
