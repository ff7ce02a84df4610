import { hasClass } from '../page/index.ts';
import type { Element } from 'domhandler';
import { visibleText } from '../product/offer/visible.ts';
import { allWithClass, around, attrOf, elementOf, has, withClass, type Card, type Part } from './card.ts';

const isOffscreen = (element: Element): boolean => hasClass(element, 'a-offscreen');
const textWithin = (card: Card, part: Part | null | undefined): string =>
  part === null || part === undefined ? '' : visibleText(elementOf(card, part), isOffscreen);

const headings = (card: Card): Part[] => card.parts.filter((part) => part.name === 'h2');

/** The title's heading leads to the product; a brand's heading above it leads nowhere. */
function isLinked(heading: Part, card: Card): boolean {
  const { name, last } = card.page.outline;
  const isLink = (number: number): boolean => name[number]?.text === 'a';
  const end = last[heading.number] ?? heading.number;
  for (let inside = heading.number + 1; inside < end; inside++) if (isLink(inside)) return true;
  return around(card, heading).some(isLink);
}

function titleHeading(card: Card): Part | null {
  const all = headings(card);
  return all.find((heading) => isLinked(heading, card)) ?? all[0] ?? null;
}

/** Before 2014 the heading names the makers beside the link. */
function linkOfOldHeading(card: Card): Part | null {
  const heading = withClass(card, card.parts, 'newaps');
  if (heading === null) return null;
  return card.parts.find((part) => part.number > heading.number && part.name === 'a') ?? null;
}

/** Title as shown; empty when the card has none. */
export function title(card: Card): string {
  const text = textWithin(card, titleHeading(card));
  if (text !== '') return text;
  const link = allWithClass(card, card.parts, 'title').find((part) => part.name === 'a') ?? linkOfOldHeading(card);
  return textWithin(
    card,
    link ?? withClass(card, card.parts, 's-access-title', 's-title-instructions-style', 'sx-title'),
  );
}

/** Before 2020 a line "by X" stands under the title; books and media name their makers there. */
function byLine(card: Card): string | null {
  const heading = titleHeading(card);
  if (heading === null || !has(heading, 's-access-title') || card.offer.length < card.parts.length) return null;
  const { parent } = card.page.outline;
  const after = card.parts.slice(card.parts.indexOf(heading) + 1);
  const [label, name] = after.filter((part) => part.name === 'span' && part.isLeaf && !has(part, 'a-offscreen'));
  if (label === undefined || name === undefined || parent[label.number] !== parent[name.number]) return null;
  // The label is a word; an empty space before a small text leads to a date of publication.
  if (!/^[\p{L}\p{M}\s:：]+$/u.test(textWithin(card, label))) return null;
  return has(name, 'a-color-secondary') ? textWithin(card, name) || null : null;
}

/** Brand on a line of its own above the title (or "by X" below it), null when the card shows none. */
export function brand(card: Card): string | null {
  const main = titleHeading(card);
  if (main === null) return null;
  const above = card.parts.slice(0, card.parts.indexOf(main));
  const line = above.find(
    (part) =>
      (part.name === 'h2' && !isLinked(part, card)) ||
      (part.name === 'h5' && attrOf(part, 'data-attribute') === null && !has(part, 's-sponsored-header')),
  );
  return textWithin(card, line) || byLine(card);
}
