import type { ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, first, foldText, select, textOf, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { absoluteUrl } from './url.ts';

type Author = ProductItem['authors'][number];

/** "(Author), " -> "Author". */
const roleOf = (text: string): string | null => foldText(text.replace(/[()（），,]/g, ' ')) || null;

function author(page: Page, link: Element | null, name: string, role: string | null): Author[] {
  return name === '' ? [] : [{ name, role, url: absoluteUrl(page, attr(link, 'href')) }];
}

/** Desktop: one `.author` a maker, his role in brackets; a popover about him repeats his name. */
const contributors = (page: Page): Author[] =>
  makersIn(page, page.byId('bylineInfo')) ?? makersIn(page, page.byId('byline')) ?? [];

function makersIn(page: Page, line: Element | null): Author[] | null {
  const makers = line === null ? [] : select(line, '.author');
  if (makers.length === 0) return null;
  return makers.flatMap((maker) => {
    const link =
      first(maker, '.contributorNameID') ??
      select(maker, 'a.a-link-normal').find((a) => !isInPopover(a, maker)) ??
      null;
    const role = first(maker, '.contribution');
    return author(page, link, link === null ? foldText(textOf(maker)) : textOf(link), roleOf(textOf(role)));
  });
}

function isInPopover(element: Element, top: Element): boolean {
  for (let up: Element['parent'] = element.parent; up !== null && up !== top; up = up.parent) {
    if ('attribs' in up && /popover/.test(up.attribs['class'] ?? '')) return true;
  }
  return false;
}

/** Links that lead to a maker and not to a brand. */
const MAKER_LINK =
  /\/e\/B0|\/author[/?]|field-(?:author|artist|keywords-author)|[?&]i=(?:books|stripbooks|digital-text|audible|popular|digital-music|dvd|movies-tv|instant-video)|byline_(?:sr|cont)_(?:book|ebooks|audible|music|dmusic|dvd)_/;

/** Mobile: links without roles. */
function linkedMakers(page: Page): Author[] {
  const line = page.byId('bylineContributor') ?? page.byId('bylineInfo');
  if (line === null) return [];
  const links = line.name === 'a' ? [line] : select(line, 'a');
  return links
    .filter((link) => MAKER_LINK.test(attr(link, 'href') ?? ''))
    .flatMap((link) => author(page, link, textOf(link), null));
}

/** Recordings: the artist's name beside the title. */
function artists(page: Page): Author[] {
  const links = [...page.allById('ProductInfoArtistLink'), ...page.select(page.byId('artistBlurb'), 'a')];
  return links.flatMap((link) => author(page, link, textOf(link), null));
}

/** Before 2014: below the title, the role after each name. */
function makersBelowTitle(page: Page): Author[] {
  if (!page.has('btAsinTitle')) return [];
  const box = page.allByClass('buying').find((element) => first(element, '#btAsinTitle') !== null);
  if (box === undefined) return [];
  return select(box, 'span > .byLinePipe').flatMap((role) => {
    const link = role.parent === null ? null : first(role.parent, 'a');
    return author(page, link, textOf(link), roleOf(textOf(role)));
  });
}

/** `authors`: everybody whom the title block names as a maker of a book, a recording or a film. */
export const authors: Field<Author[]> = once(
  (page) => firstOf(page, [contributors, linkedMakers, makersBelowTitle, artists]) ?? [],
);
