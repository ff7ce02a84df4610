import { MARKETPLACES } from '../marketplaces.ts';
import type { ShopWords } from './types.ts';

/** Names that every language writes alike. A language overrides a key by writing its own. */
export const COMMON = {
  amazonSeller: [
    'Amazon',
    ...MARKETPLACES.map((m) => `Amazon.${m.domain}`),
    'Amazon.com Services LLC',
    'Amazon.com Services, Inc.',
    'Amazon.com LLC',
    'Amazon Digital Services LLC',
    'Amazon Media EU S.à r.l.',
    'Amazon EU',
    'Amazon EU S.à r.l.',
    'Amazon US',
    'Amazon UK',
    'Amazon AU',
    'Amazon Japan G.K.',
    'Amazon Export Sales LLC',
    'Amazon Global Store',
    'Amazon Fulfillment',
    'Amazon Warehouse',
    'Amazon Resale',
    'Amazon Second Chance',
  ],
  asinLabel: ['ASIN'],
  upcLabel: ['UPC', 'Universal Product Code'],
  eanLabel: ['EAN', 'European Article Number'],
  gtinLabel: ['GTIN', 'GTIN-14', 'Global Trade Identification Number', 'Global Trade Item Number'],
  isbn10Label: ['ISBN-10', 'ISBN10', 'ISBN 10'],
  isbn13Label: ['ISBN-13', 'ISBN13', 'ISBN 13'],
  unitPer: ['{price} / {unit}', '{price}/{unit}'],
  formatDvd: ['DVD', 'DVD-R'],
  formatBluRay: ['Blu-ray', 'Blu-ray 3D', '4K Blu-ray', '4K'],
} as const satisfies Partial<ShopWords>;
