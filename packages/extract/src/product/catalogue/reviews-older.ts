import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { parseDate } from '../../text/date.ts';
import { attr, first, hasClass, nextElement, select, textOf, type Page } from '../../page/index.ts';
import { linesOf } from './lines.ts';
import { reviewId, type Review } from './reviews.ts';
import { startTags } from './start-tag.ts';

const EMPTY = {
  author: null,
  title: null,
  content: null,
  rating: null,
  timestamp: null,
  is_verified: false,
  helpful_count: null,
  country: null,
  images: [],
} as const;

/** Links to the whole text, and comments on it. */
const isAround = (element: Element): boolean =>
  hasClass(element, 'a-expander-header') || hasClass(element, 'readMoreLink');
const shown = (element: Element | null): string | null => textOf(element) || null;
const isIcon = (element: Element): boolean => hasClass(element, 'a-icon');
const spokenStars = (block: Element): number | null => parseStars(textOf(first(block, '.a-icon-alt, .swSprite')));

/** Mobile: the author's profile stands before each block. */
function mobileList(page: Page): Review[] {
  const list = page.byId('cm-cr-dp-aw-review-list');
  const authors = page.select(list, '.a-profile-name').map(shown);
  return page.select(list, '[id^=customer_review]').flatMap((block, i) => {
    const id = reviewId(attr(block, 'id'));
    if (id === null) return [];
    const content = shown(first(block, '.reviewText'));
    const verified = first(block, '[data-hook*=avp-badge]') !== null;
    return [
      {
        ...EMPTY,
        images: [],
        id,
        author: authors[i] ?? null,
        content,
        rating: spokenStars(block),
        is_verified: verified,
      },
    ];
  });
}

const REVIEW_LINK = /\/review\/[A-Z0-9]{10}\/(R[A-Z0-9]{8,20})/;

/** Mobile before 2017: a link with stars and the beginning of the text, the author after it. */
function mobileLinks(page: Page): Review[] {
  return page.select(page.byId('aw-udpv3-customer-reviews_feature_div'), 'a').flatMap((link) => {
    const id = REVIEW_LINK.exec(attr(link, 'href') ?? '')?.[1];
    if (id === undefined) return [];
    const after = nextElement(link);
    const author = after !== null && hasClass(after, 'a-color-secondary') ? textOf(after).replace(/^[-–—\s]+/, '') : '';
    const content = linesOf(link, isIcon).join('\n') || null;
    return [{ ...EMPTY, images: [], id, author: author || null, content, rating: spokenStars(link) }];
  });
}

/** Ids of the years when both designs were about: "rev-dpReviewsMostHelpfulAUI-R1...". */
const isCurrentDesign = (id: string | null): boolean => /AUI-/.test(id ?? '');

/** Before 2014: the most helpful in full, the most recent cut short in a side column. */
function classicList(page: Page): Review[] {
  const blocks = ['revMHRL', 'revMRRL']
    .flatMap((id) => page.select(page.byId(id), '[id^=rev-]'))
    .filter((block) => !isCurrentDesign(attr(block, 'id')));
  return blocks.flatMap((block) => {
    const id = reviewId(attr(block, 'id'));
    if (id === null) return [];
    const helpful = textOf(first(block, '.hlp'));
    const date = first(block, '.ttl .inlineblock');
    return [
      {
        ...EMPTY,
        images: [],
        id,
        author: shown(first(block, '.ath a')),
        title: shown(first(block, '.reviewTitle strong, .ttl strong')),
        content:
          linesOf(first(block, '.reviewText'), (element) => hasClass(element, 'readMoreLink')).join('\n') || null,
        rating: spokenStars(block),
        timestamp: parseDate(textOf(date), page.locale),
        is_verified: first(block, '.avp') !== null,
        helpful_count: helpful === '' ? null : parseCount(helpful, page.locale),
      },
    ];
  });
}

/** 2014 to 2016: the same in the site's current design. The author's link and the date have no marks of their own. */
function helpfulList(page: Page): Review[] {
  const ids = startTags(page, 'rev-dpReviews')
    .map(({ id }) => id)
    .filter(isCurrentDesign);
  return [...new Set(ids)].flatMap((id) => {
    const block = page.byId(id);
    const review = reviewId(id);
    if (block === null || review === null) return [];
    const votes = textOf(first(block, '[id^=cr-vote], .helpful-votes-count'));
    const body = first(block, '[id^=revData] .a-section') ?? first(block, '[id^=revData], .reviewText');
    return [
      {
        ...EMPTY,
        images: [],
        id: review,
        author: shown(first(block, 'a.noTextDecoration, a[href*="/profile/"]')),
        title: shown(first(block, '.a-text-bold')),
        content: body === null ? null : linesOf(body, isAround).join('\n') || null,
        rating: parseStars(attr(first(block, 'a[title], .a-icon-star'), 'title') ?? '') ?? spokenStars(block),
        timestamp:
          select(block, '.a-color-secondary')
            .map((one) => parseDate(textOf(one), page.locale))
            .find((one) => one !== null) ?? null,
        is_verified: first(block, '.a-color-state, .avp, [class*=avp]') !== null,
        helpful_count: votes === '' ? null : parseCount(votes, page.locale),
      },
    ];
  });
}

/** Reviews of the layouts before the `data-hook` marks. */
export function olderReviews(page: Page): Review[] {
  for (const layout of [mobileList, mobileLinks, classicList, helpfulList]) {
    const found = layout(page);
    if (found.length > 0) return found;
  }
  return [];
}
