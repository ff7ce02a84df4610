import { isTag, type Element } from 'domhandler';
import { attr, closest, first, hasClass } from '../page/index.ts';
import { visibleText } from '../product/offer/visible.ts';
import { has, withClass, type Card, type Part } from './card.ts';

const isOffscreen = (element: Element): boolean => hasClass(element, 'a-offscreen');
const textWithin = (element: Element | null): string => visibleText(element, isOffscreen);

const headings = (card: Card): Part[] => card.parts.filter((part) => part.element.name === 'h2');

/** The title's heading leads to the product; a brand's heading above it leads nowhere. */
const isLinked = ({ element }: Part, card: Card): boolean =>
  first(element, 'a') !== null || closest(element, (up) => up.name === 'a', card.root.element) !== null;

function titleHeading(card: Card): Part | null {
  const all = headings(card);
  return all.find((heading) => isLinked(heading, card)) ?? all[0] ?? null;
}

/** Title as shown; empty when the card has none. */
export function title(card: Card): string {
  const text = textWithin(titleHeading(card)?.element ?? null);
  if (text !== '') return text;
  const link = card.parts.find((part) => part.element.name === 'a' && has(part, 'title'));
  if (link !== undefined) return textWithin(link.element);
  return textWithin(withClass(card.parts, 's-access-title', 's-title-instructions-style'));
}

/** Before 2020 a line "by X" stands under the title; books and media name their makers there. */
function byLine(card: Card): string | null {
  const heading = titleHeading(card);
  if (heading === null || !has(heading, 's-access-title') || card.offer.length < card.parts.length) return null;
  const after = card.parts.slice(card.parts.indexOf(heading) + 1);
  const [label, name] = after.filter(
    (part) => part.element.name === 'span' && !part.element.children.some(isTag) && !has(part, 'a-offscreen'),
  );
  if (label === undefined || name === undefined || label.element.parent !== name.element.parent) return null;
  const text = textWithin(name.element);
  return has(name, 'a-color-secondary') && text !== '' ? text : null;
}

/** Brand on a line of its own above the title (or "by X" below it), null when the card shows none. */
export function brand(card: Card): string | null {
  const main = titleHeading(card);
  if (main === null) return null;
  const above = card.parts.slice(0, card.parts.indexOf(main));
  const line = above.find(
    (part) =>
      (part.element.name === 'h2' && !isLinked(part, card)) ||
      (part.element.name === 'h5' && attr(part.element, 'data-attribute') === null && !has(part, 's-sponsored-header')),
  );
  const text = textWithin(line?.element ?? null);
  return text === '' ? byLine(card) : text;
}
