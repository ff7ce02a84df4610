import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { parseDate } from '../../text/date.ts';
import { attr, first, hasClass, nextElement, textOf, type Page } from '../../page/index.ts';
import { linesOf } from './lines.ts';
import { reviewId, type Review } from './reviews.ts';

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

/** Before 2014: the most helpful in full, the most recent cut short in a side column. */
function classicList(page: Page): Review[] {
  const blocks = ['revMHRL', 'revMRRL'].flatMap((id) => page.select(page.byId(id), '[id^=rev-]'));
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

/** Reviews of the layouts before the `data-hook` marks. */
export function olderReviews(page: Page): Review[] {
  for (const layout of [mobileList, mobileLinks, classicList]) {
    const found = layout(page);
    if (found.length > 0) return found;
  }
  return [];
}
