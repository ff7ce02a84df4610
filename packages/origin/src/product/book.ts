import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { say } from '../page/text.ts';
import { ALPHANUMERIC, type Random } from '../random.ts';
import { absolute } from './addresses.ts';
import { PEOPLE } from './catalogue.ts';
import { familyRandom, ownRandom, type Facts } from './facts.ts';
import { isIsbn10 } from './identity.ts';
import { part } from './offer.ts';
import { isBuyable } from './states.ts';
import { WORKS } from './works.ts';

/** What only works have: makers and formats. Both empty for anything else. */
export function authorsOf(domain: Domain, language: Language, asin: string, facts: Facts): ProductItem['authors'] {
  if (facts.kind === 'physical') return [];
  const random = familyRandom(domain, asin, 'authors');
  const { roles } = WORKS[facts.kind];
  const names = random.sample(PEOPLE, random.int(1, 2));
  return names.map((name, i) => ({
    name,
    role: say(language, roles[i === 0 ? 0 : 1]),
    url: absolute(domain, `/e/B00${random.text(ALPHANUMERIC, 7)}`),
  }));
}

export function formatsOf(domain: Domain, language: Language, asin: string, facts: Facts): ProductItem['formats'] {
  if (facts.kind === 'physical') return [];
  const random = ownRandom(domain, asin, 'formats');
  const { currency } = marketplace(domain);
  const own = {
    format: say(language, WORKS[facts.kind].format),
    asin,
    price: isBuyable(facts.state) ? facts.price : null,
    selected: true,
  };
  const hardcover = {
    format: say(language, 'formatHardcover'),
    asin: isbnLike(random),
    price: part(facts.price, random.int(130, 220), currency),
    selected: false,
  };
  const kindle = {
    format: say(language, 'formatKindle'),
    asin: `B00${random.text(ALPHANUMERIC, 7)}`,
    price: part(facts.price, random.int(40, 90), currency),
    selected: false,
  };
  const others = [...(random.chance(0.7) ? [hardcover] : []), ...(random.chance(0.7) ? [kindle] : [])];
  return [own, ...others.filter(({ format }) => format !== own.format)];
}

/** An ISBN-10 with a right check digit. */
export function isbnLike(random: Random): string {
  const nine = `1${random.text('0123456789', 8)}`;
  return Array.from('0123456789X', (check) => nine + check).find(isIsbn10) ?? nine;
}
