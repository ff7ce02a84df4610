import { matchPhrase } from '@asa/contract';
import type { Page } from '../../page/index.ts';
import { childrenOf } from '../../page/index.ts';
import { type Field, firstOf } from '../field.ts';
import { wordsOf } from './context.ts';
import { inOffer } from './scope.ts';
import { orNull, visibleText } from './visible.ts';

/** The place in "Deliver to `{place}`"; null when the text invites to choose one. */
const placeIn = (page: Page, text: string): string | null =>
  orNull(matchPhrase(wordsOf(page).deliverTo, text)?.['place'] ?? '');

/** In the box: one sentence, or the label and the place in elements of their own. */
const inBox: Field<string | null> = (page) => {
  const line = inOffer(page, 'contextualIngressPtLabel_deliveryShortLine');
  if (line === null) return null;
  const parts = childrenOf(line)
    .map((part) => visibleText(part))
    .filter((text) => text !== '');
  if (parts.length === 2) return placeIn(page, `${parts[0]} ${parts[1]}`) ?? parts[1] ?? null;
  return placeIn(page, visibleText(line));
};

/** At the head of every page: the place in the first line, or the label there and the place in the second. */
const atTop: Field<string | null> = (page) => {
  const first = visibleText(page.byId('glow-ingress-line1'));
  const second = visibleText(page.byId('glow-ingress-line2'));
  return placeIn(page, first) ?? placeIn(page, `${first} ${second}`);
};

/** At the head of mobile pages: one line. */
const oneLine: Field<string | null> = (page) => placeIn(page, visibleText(page.byId('glow-ingress-single-line')));

/** Mobile, 2018. */
const mobile: Field<string | null> = (page) => {
  const place = page.first(inOffer(page, 'locationUX'), '.lux-location-label');
  return place === null ? null : orNull(visibleText(place));
};

/** Signs without width that end a postal code on the page. */
const ENDING = /[\u200B-\u200F]+$/u;

/** The location that the page says it priced for. */
export const deliveredTo = (page: Page): string | null =>
  firstOf(page, [inBox, atTop, oneLine, mobile])?.replace(ENDING, '').trim() ?? null;
