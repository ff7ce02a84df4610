import { isTag, type Element } from 'domhandler';
import { attr, closest, first, hasClass } from '../page/index.ts';
import { visibleText } from '../product/offer/visible.ts';
import { partWithClass, type Card } from './card.ts';

const isOffscreen = (element: Element): boolean => hasClass(element, 'a-offscreen');
const textWithin = (element: Element | null): string => visibleText(element, isOffscreen);

const headings = (card: Card): Element[] => card.parts.filter((part) => part.name === 'h2');

/** The title's heading leads to the product; a brand's heading above it leads nowhere. */
const isLinked = (heading: Element, card: Card): boolean =>
  first(heading, 'a') !== null || closest(heading, (up) => up.name === 'a', card.root) !== null;

function titleHeading(card: Card): Element | null {
  const all = headings(card);
  return all.find((heading) => isLinked(heading, card)) ?? all[0] ?? null;
}

/** Title as shown; empty when the card has none. */
export function title(card: Card): string {
  const heading = titleHeading(card);
  if (heading !== null) {
    const text = textWithin(heading);
    if (text !== '') return text;
  }
  const link = card.parts.find((part) => part.name === 'a' && hasClass(part, 'title'));
  if (link !== undefined) return textWithin(link);
  return textWithin(partWithClass(card.parts, 's-access-title', 's-title-instructions-style'));
}

/** Before 2020 a line "by X" stands under the title; books and media name their makers there. */
function byLine(card: Card): string | null {
  const heading = titleHeading(card);
  if (heading === null || !hasClass(heading, 's-access-title') || card.offer.length < card.parts.length) return null;
  const after = card.parts.slice(card.parts.indexOf(heading) + 1);
  const [label, name] = after.filter((part) => part.name === 'span' && !part.children.some(isTag)).slice(0, 2);
  if (label === undefined || name === undefined || label.parent !== name.parent) return null;
  const text = textWithin(name);
  return hasClass(name, 'a-color-secondary') && text !== '' ? text : null;
}

/** Brand on a line of its own above the title (or "by X" below it), null when the card shows none. */
export function brand(card: Card): string | null {
  const main = titleHeading(card);
  const above = headings(card).find((heading) => heading !== main && !isLinked(heading, card));
  const line = above ?? card.parts.find((part) => part.name === 'h5' && attr(part, 'data-attribute') === null);
  if (line !== undefined && main !== null && card.parts.indexOf(line) < card.parts.indexOf(main)) {
    const text = textWithin(line);
    if (text !== '' && !hasClass(line, 's-sponsored-header')) return text;
  }
  return byLine(card);
}
