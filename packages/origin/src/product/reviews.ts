import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { ALPHANUMERIC } from '../random.ts';
import { addDays, countryName } from '../words/numbers.ts';
import { vocabulary } from '../words/vocabulary/index.ts';
import { PEOPLE, TODAY } from './catalogue.ts';
import { familyRandom, imageId, type Facts } from './facts.ts';
import { imageUrl } from './addresses.ts';

/** Stars of the vocabulary's opinions, in their order. */
const STARS = [5, 4, 3, 2] as const;

/** The reviews on the page: shared by variations, none without a rating. */
export function reviewsOf(domain: Domain, language: Language, asin: string, facts: Facts): ProductItem['reviews'] {
  if (facts.rating === null) return [];
  const random = familyRandom(domain, asin, 'reviews');
  const { opinions } = vocabulary(language);
  return Array.from({ length: Math.min(facts.rating.count, random.int(2, 5)) }, () => {
    const index = random.pick([0, 0, 0, 1, 1, 2, 3]);
    const [title, content] = opinions[index] ?? opinions[0];
    return {
      id: `R${random.text(ALPHANUMERIC, 13)}`,
      author: random.pick(PEOPLE),
      title,
      content,
      rating: STARS[index] ?? 5,
      timestamp: addDays(TODAY, -random.int(5, 900)),
      is_verified: random.chance(0.85),
      helpful_count: random.pick([null, null, 1, random.int(2, 40)]),
      country: countryName(language, marketplace(domain).country),
      images: random.chance(0.2) ? [imageUrl(imageId(random), 'SY88')] : [],
    };
  });
}
