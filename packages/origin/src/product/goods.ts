import type { Domain, Language } from '@asa/contract';
import { say } from '../page/text.ts';
import { measure } from '../words/numbers.ts';
import { vocabulary } from '../words/vocabulary/index.ts';
import { factsOf, familyRandom, type Facts } from './facts.ts';

/** What a product is called, and what tells it from its variations. */

const COFFEE_GRAMS = [200, 250, 400, 500, 1000, 2000] as const;

/** Dimension key of the page's scripts -> name as shown -> value of one member. */
export interface Choice {
  readonly key: 'color_name' | 'size_name';
  readonly name: string;
  /** All values in the order of the page. */
  readonly values: readonly string[];
  /** Index among the values. */
  readonly index: number;
}

/** Grams in a packet of coffee, else null. */
export const gramsOf = ({ thing, family, member }: Facts): number | null =>
  thing === 'coffee' ? (family === null ? 500 : (COFFEE_GRAMS[member] ?? 500)) : null;

/** The choices a member of a family stands for; empty without a family. */
export function choicesOf(language: Language, facts: Facts): readonly Choice[] {
  const { thing, family, member } = facts;
  if (family === null || thing === null) return [];
  const { colors } = vocabulary(language);
  const color = { key: 'color_name', name: say(language, 'dimensionColor') } as const;
  const size = { key: 'size_name', name: say(language, 'dimensionSize') } as const;
  if (thing === 'coffee')
    return [{ ...size, values: COFFEE_GRAMS.map((grams) => weightText(language, grams)), index: member }];
  if (thing === 'shirt')
    return [
      { ...size, values: ['M', 'XL'], index: member % 2 },
      { ...color, values: colors.slice(0, 3), index: Math.floor(member / 2) },
    ];
  return [{ ...color, values: colors, index: member }];
}

export const weightText = (language: Language, grams: number): string =>
  grams < 1000 ? measure(language, grams, 'gram') : measure(language, grams / 1000, 'kilogram');

/** The color as a word, or null for what has none. */
export function colorOf(language: Language, facts: Facts): string | null {
  if (facts.thing === null || facts.thing === 'coffee') return null;
  const chosen = choicesOf(language, facts).find((choice) => choice.key === 'color_name');
  return chosen?.values[chosen.index] ?? vocabulary(language).colors[facts.color] ?? null;
}

export function titleOf(domain: Domain, language: Language, asin: string, facts: Facts): string {
  const words = vocabulary(language);
  const random = familyRandom(domain, asin, 'title');
  if (facts.thing === null) return words.bookTitles[random.int(0, 2)] ?? words.bookTitles[0];
  const [name] = words.things[facts.thing];
  const own = choicesOf(language, facts).map(({ values, index }) => values[index] ?? '');
  const color = colorOf(language, facts);
  const marks = own.length > 0 ? own : color === null ? [] : [color];
  return [`${facts.brand} ${facts.model} ${name}`, ...marks].join(', ') + (random.chance(0.3) ? ' (12" × 4")' : '');
}

/** Another product, as rails, widgets and result lists show it. */
export interface Neighbour {
  readonly asin: string;
  readonly title: string;
  readonly facts: Facts;
}

export function neighbour(domain: Domain, language: Language, asin: string): Neighbour {
  const facts = factsOf(domain, asin);
  return { asin, title: titleOf(domain, language, asin, facts), facts };
}
