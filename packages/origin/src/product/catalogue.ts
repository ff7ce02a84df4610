import type { Thing } from '../words/vocabulary/index.ts';

/** Names and figures of the synthetic shop. Brands, sellers and people are invented. */

export const BRANDS = [
  'Northvale',
  'Holt & Wren',
  'Kestrelle',
  'Olvanta',
  'Ferndown',
  'Luxmere',
  'Tarrowby',
  'Quillon',
  "Vander's",
  'Brimwick',
  'Ostrelle',
  'Zephyrine',
] as const;

export const SELLERS = [
  'Maplegate Trading',
  'Blue Harbour Direct',
  'Kontor 21',
  'Sunrise & Sons',
  'Lagerhaus Nord',
  'Casa Olvera',
  'Tokuda Select',
  'Alder Street Goods',
] as const;

export const PEOPLE = [
  'Mara Lindqvist',
  'Jonas Okafor',
  'Ana Ferreira',
  'R. Tanaka',
  'Priya N.',
  'Omar Haddad',
  'Zoë Marchetti',
  'P. Kowalczyk',
  'Lena Brandt',
  'Tomás Rey',
] as const;

export const PUBLISHERS = ['Harrow Lane Press', 'Ostra Books', 'Paper Boat House'] as const;

/** Price range in US dollars. */
export const PRICE_RANGE: Readonly<Record<Thing | 'book', readonly [number, number]>> = {
  headphones: [25, 280],
  lamp: [15, 80],
  kettle: [20, 90],
  backpack: [30, 150],
  shirt: [8, 40],
  bottle: [10, 45],
  mat: [12, 70],
  coffee: [6, 40],
  book: [6, 35],
};

/** Roughly how much of a currency one US dollar is: for plausible prices, nothing else. */
export const PER_DOLLAR: Readonly<Record<string, number>> = {
  USD: 1,
  GBP: 0.8,
  EUR: 0.92,
  PLN: 4,
  SEK: 10.5,
  CAD: 1.35,
  MXN: 17,
  BRL: 5,
  AUD: 1.5,
  JPY: 150,
  SGD: 1.35,
  INR: 83,
  TRY: 32,
  AED: 3.67,
  SAR: 3.75,
  EGP: 48,
};

/** The day on which every synthetic page was written: the origin has no clock, so that a page never changes. */
export const TODAY = '2025-06-02';
