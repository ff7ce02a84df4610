import type { ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, closest, select, type Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { linesOf } from './lines.ts';

type Aplus = ProductItem['aplus'];

/** Players, buttons of carousels, spoken twins, and tables that compare other products. */
const FOREIGN =
  /comparison|video-js|vse-|a-offscreen|aok-offscreen|carousel-(?:actions|goto)|expander-(?:prompt|header)/;

const isForeign = (element: Element): boolean =>
  element.name === 'button' || FOREIGN.test(attr(element, 'class') ?? '');

function isInForeign(image: Element, top: Element): boolean {
  return closest(image, isForeign, top) !== null;
}

const urlOf = (image: Element): string | null => {
  const url = attr(image, 'data-src') ?? attr(image, 'src');
  return url !== null && /^https?:\/\//.test(url) && !/grey-pixel|transparent-pixel/.test(url) ? url : null;
};

/** The brand's story, then the presentation: both may use the same ids, one within the other. */
function blocksOf(page: Page): Element[] {
  const story = page.byId('aplusBrandStory_feature_div');
  const within = new Set(page.select(story, '#aplus, #aplus_feature_div'));
  const own = [...page.shownById('aplus'), ...page.shownById('aplus_feature_div')].find((block) => !within.has(block));
  return [story, own ?? null].filter((block) => block !== null);
}

/** `aplus`: text and pictures of the maker's own presentation. */
export const aplus: Field<Aplus> = (page: Page) => {
  const found = blocksOf(page);
  const text = found.flatMap((block) => linesOf(block, isForeign)).join('\n');
  const images = [
    ...new Set(
      found
        .flatMap((block) => select(block, 'img').map((image) => (isInForeign(image, block) ? null : urlOf(image))))
        .filter((url) => url !== null),
    ),
  ];
  return text === '' && images.length === 0 ? null : { text: text === '' ? null : text, images };
};
