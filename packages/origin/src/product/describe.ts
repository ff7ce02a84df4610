import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { say } from '../page/text.ts';
import { ALPHANUMERIC } from '../random.ts';
import { money, splitText, type ShownMoney } from '../words/money.ts';
import { vocabulary } from '../words/vocabulary/index.ts';
import { absolute, imageUrl } from './addresses.ts';
import { authorsOf, formatsOf } from './book.ts';
import { cleaned } from './clean.ts';
import { deliveredTo, detailsOf, shelvesOf, type Details } from './details.ts';
import { factsOf, familyRandom, ownRandom, imageId, type Facts } from './facts.ts';
import { choicesOf, colorOf, neighbour, titleOf, type Choice, type Neighbour } from './goods.ts';
import { offerOf, type OfferFacts } from './offer.ts';
import { rankLines, ranksOf, rankText } from './ranks.ts';
import { reviewsOf } from './reviews.ts';
import { isBuyable, rangeOf, rangeText, STATES, stockText } from './states.ts';

const text = (shown: ShownMoney): string => shown.text;

/** A product of the synthetic marketplace: the truth, and what its page shows around it. */
export interface SyntheticProduct {
  readonly domain: Domain;
  readonly language: Language;
  readonly asin: string;
  /** What a careful shopper reads off the page: the answer that a perfect extractor gives. */
  readonly item: ProductItem;
  /** The same as the page writes it, with no-break spaces and marks of direction. */
  readonly shown: ProductItem;
  readonly facts: Facts;
  readonly offer: OfferFacts;
  readonly details: Details;
  readonly choices: readonly Choice[];
  /** Products that widgets and rails show beside this one. */
  readonly neighbours: readonly Neighbour[];
}

/** The product behind an ASIN. Pure: the same arguments give the same product on every machine and at any time. */
export function describeProduct(domain: Domain, language: Language, asin: string): SyntheticProduct {
  const facts = factsOf(domain, asin);
  const offer = offerOf(domain, language, asin, facts);
  const details = detailsOf(domain, language, asin, facts);
  const choices = choicesOf(language, facts);
  const random = ownRandom(domain, asin, 'page');
  const neighbours = Array.from({ length: 12 }, () => neighbour(domain, language, `B1${random.text(ALPHANUMERIC, 8)}`));
  const together = facts.kind === 'physical' && random.chance(0.5) ? neighbours.slice(0, 2).map((n) => n.asin) : [];
  const shown: ProductItem = {
    ...identity(domain, language, asin, facts),
    ...price(domain, language, facts, offer),
    ...offerFields(domain, language, facts, offer),
    ...opinions(domain, language, asin, facts),
    ...texts(domain, language, asin, facts, details),
    ...media(domain, asin, facts),
    ...ranked(domain, language, asin, facts),
    variations: variationsOf(domain, language, facts),
    variation_dimensions: choices.map((choice) => choice.name),
    frequently_bought_together: together,
  };
  return { domain, language, asin, facts, offer, details, choices, neighbours, shown, item: cleaned(shown) };
}

function identity(domain: Domain, language: Language, asin: string, facts: Facts) {
  const title = titleOf(domain, language, asin, facts);
  const physical = facts.kind === 'physical';
  return {
    asin,
    parent_asin: facts.family?.parent ?? null,
    title,
    kind: facts.kind,
    brand: physical ? facts.brand : null,
    brand_url: physical ? absolute(domain, `/stores/${encodeURIComponent(facts.brand)}/page/ORIGIN`) : null,
    manufacturer: physical ? facts.brand : null,
    model_number: physical ? facts.model : null,
    authors: authorsOf(domain, language, asin, facts),
    formats: formatsOf(domain, language, asin, facts),
    url: absolute(domain, `/dp/${asin}`),
    domain,
    language,
  };
}

function price(domain: Domain, language: Language, facts: Facts, offer: OfferFacts) {
  const { currency } = marketplace(domain);
  const buyable = isBuyable(facts.state);
  const strike = buyable ? facts.strike : null;
  const range = rangeOf(domain, facts);
  const percent = strike === null ? 0 : Math.round(((strike.price - facts.price) / strike.price) * 100);
  return {
    price: buyable ? facts.price : null,
    price_buybox: buyable ? facts.price : null,
    price_strikethrough: strike?.price ?? null,
    price_strikethrough_label: strike === null ? null : say(language, strike.kind),
    // A page without any price shows no currency of its own.
    currency,
    price_string:
      range !== null
        ? rangeText(language, currency, range)
        : buyable
          ? (percent > 0 ? splitText : text)(money(language, currency, facts.price))
          : null,
    price_min: range?.[0] ?? null,
    price_max: range?.[1] ?? null,
    price_shipping: offer.shipping,
    price_subscribe: offer.subscribe,
    unit_price: offer.unitPrice,
    savings: percent > 0 ? { amount: null, percent } : null,
    coupon: offer.coupon,
    deal: offer.deal ? { type: 'limited_time' as const, text: say(language, 'limitedTimeDeal'), ends_at: null } : null,
  };
}

function offerFields(domain: Domain, language: Language, facts: Facts, offer: OfferFacts) {
  const { availability, pageState, noPriceReason } = STATES[facts.state];
  const stock = stockText(language, facts);
  const { name, id, shipsFrom, fulfilledByAmazon } = facts.seller;
  const offered = pageState === 'buybox';
  return {
    stock,
    availability,
    page_state: pageState,
    no_price_reason: noPriceReason,
    stock_left: facts.state === 'low_stock' ? facts.stockLeft : null,
    max_quantity: offer.maxQuantity,
    is_prime: offer.prime,
    buybox: offered
      ? [
          {
            price: isBuyable(facts.state) ? facts.price : null,
            seller_name: name,
            seller_id: id,
            ships_from: shipsFrom,
            is_amazon_fulfilled: fulfilledByAmazon,
            condition: 'New',
            stock,
            returns: offer.returns,
          },
        ]
      : [],
    featured_merchant: offered ? { name, seller_id: id, is_amazon_fulfilled: fulfilledByAmazon } : null,
    delivery: offer.deliveries,
    delivered_to: deliveredTo(domain, language),
    offers: offer.used === null ? null : { count: offer.offersCount, new_from: null, used_from: offer.used },
    sales_volume: offer.salesVolume,
  };
}

function opinions(domain: Domain, language: Language, asin: string, facts: Facts) {
  const shared = familyRandom(domain, asin, 'summary');
  const words = vocabulary(language);
  const histogram = facts.rating?.histogram.map((share, i) => [String(5 - i), share / 100] as const) ?? [];
  const summary =
    facts.rating !== null && shared.chance(0.4) ? `${words.opinions[0][1]} ${words.opinions[1][1]}` : null;
  return {
    rating: facts.rating?.stars ?? null,
    reviews_count: facts.rating?.count ?? null,
    rating_histogram: Object.fromEntries(histogram),
    review_summary: summary,
    reviews: reviewsOf(domain, language, asin, facts),
    answered_questions_count: null,
  };
}

function texts(domain: Domain, language: Language, asin: string, facts: Facts, details: Details) {
  const words = vocabulary(language);
  const shared = familyRandom(domain, asin, 'texts');
  const color = colorOf(language, facts);
  const ranks = ranksOf(domain, language, asin, facts);
  const overview = {
    [say(language, 'brandLabel')]: facts.brand,
    ...(color === null ? {} : { [say(language, 'dimensionColor')]: color }),
    ...(facts.thing === 'coffee' ? {} : { [say(language, 'materialLabel')]: shared.pick(words.materials) }),
  };
  const aplus = facts.kind === 'physical' && shared.chance(0.4);
  return {
    bullet_points: facts.thing === null ? null : shared.sample(words.points, 4).join('\n'),
    description: words.about.join(' '),
    product_details: {
      ...details.technical,
      ...details.general,
      ...(ranks.length === 0 ? {} : { [say(language, 'bestSellersRankLabel')]: rankText(rankLines(language, ranks)) }),
    },
    technical_details: details.layout === 'tables' ? details.technical : {},
    product_overview: facts.thing === null ? {} : overview,
    product_dimensions: details.dimensions,
    item_weight: details.weight,
    date_first_available: details.available,
    gtins: details.gtins,
    aplus: aplus
      ? {
          text: `${say(language, 'fromTheManufacturer')}\n${words.about[0]} ${words.points[0]}`,
          images: [
            `https://m.media-amazon.com/images/S/aplus-media/${imageId(shared)}.__CR0,0,970,600_PT0_SX970_V1___.jpg`,
          ],
        }
      : null,
  };
}

function media(domain: Domain, asin: string, facts: Facts) {
  const random = ownRandom(domain, asin, 'media');
  const video = facts.kind === 'physical' && random.chance(0.35);
  const id = imageId(random);
  return {
    images: facts.imageIds.map((image) => imageUrl(image, 'AC_SL1500')),
    has_videos: video,
    videos: video
      ? [
          {
            title: `${facts.brand} ${facts.model}`,
            url: `https://m.media-amazon.com/images/S/origin/${id}/default.jobtemplate.hls.m3u8`,
            thumbnail: `https://m.media-amazon.com/images/I/${id}.SS40_BG85,85,85_BR-120_PKdp-play-icon-overlay__.jpg`,
            duration_seconds: random.int(12, 190),
          },
        ]
      : [],
  };
}

function ranked(domain: Domain, language: Language, asin: string, facts: Facts) {
  const ranks = ranksOf(domain, language, asin, facts);
  const shelves = shelvesOf(domain, language, facts, asin);
  const bestSeller = ranks[1]?.rank === 1;
  const choice = !bestSeller && ownRandom(domain, asin, 'badge').chance(0.12);
  const badges = [
    ...(bestSeller ? [`${say(language, 'bestSeller', { category: shelves[1].name })} ${shelves[1].name}`] : []),
    ...(choice ? [say(language, 'amazonsChoice')] : []),
  ];
  return {
    category: [
      { ladder: shelves.map(({ name, path }) => ({ name, url: absolute(domain, path) })), rank: null },
      ...ranks.map(({ rank, category, url }) => ({ ladder: [{ name: category, url }], rank })),
    ],
    sales_rank: ranks,
    is_best_seller: bestSeller,
    is_amazons_choice: choice,
    badges,
  };
}

/**
 * Every member of the family with its own price and state: asking for it brings the same values. What the page shows
 * of a member depends on its swatch: only members that differ in one choice have one, and only colors have a picture.
 */
function variationsOf(domain: Domain, language: Language, facts: Facts): ProductItem['variations'] {
  const chosen = choicesOf(language, facts);
  return (facts.family?.members ?? []).map((asin, i) => {
    const own = factsOf(domain, asin);
    const choices = choicesOf(language, own);
    const differs = choices.filter(({ index }, at) => index !== chosen[at]?.index);
    const swatch = differs.length <= 1;
    const pictured =
      differs.every(({ key }) => key === 'color_name') && choices.some(({ key }) => key === 'color_name');
    const buyable = isBuyable(own.state);
    return {
      asin,
      dimensions: Object.fromEntries(choices.map(({ name, values, index }) => [name, values[index] ?? ''])),
      selected: i === facts.member,
      price: swatch && buyable ? own.price : null,
      image: swatch && pictured && own.imageIds[0] !== undefined ? imageUrl(own.imageIds[0], 'SS64') : null,
      available: swatch ? buyable : null,
    };
  });
}
