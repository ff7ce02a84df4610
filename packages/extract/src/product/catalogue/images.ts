import type { Element } from 'domhandler';
import { attr, hasClass, isHidden, parseLoose, select, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { literalAfter } from './script.ts';
import { isRecord, textOrNull } from './json.ts';

/** URL of the largest of the sizes `{url: [width, height]}`. */
function largest(sizes: unknown): string | null {
  if (!isRecord(sizes)) return null;
  let best: string | null = null;
  let most = -1;
  for (const [url, size] of Object.entries(sizes)) {
    const area = Array.isArray(size) ? Number(size[0]) * Number(size[1]) : 0;
    if (area > most) [best, most] = [url, area];
  }
  return best;
}

const isImage = (url: string | null): url is string => url !== null && /^https?:\/\//.test(url);

function distinct(urls: readonly (string | null)[]): string[] {
  return [...new Set(urls.filter(isImage))];
}

/** Name of the gallery's data. */
const NAME = 'colorImages';

/** Where in the raw page the gallery's data begins, -1 when it has none. */
export const galleryStart: Field<number> = once((page) => page.indexOf(NAME));

/** Current pages: `'colorImages': {'initial': [...]}` is the gallery of the selected option. */
const GALLERY = /["']?\]?\s*[:=]\s*\{\s*["']initial["']\s*:\s*(?=\[)/y;

function gallery(page: Page): string[] {
  const from = galleryStart(page);
  const initial = from === -1 ? null : literalAfter(page, NAME, GALLERY, from);
  if (!Array.isArray(initial)) return [];
  return distinct(
    initial.map((image) =>
      isRecord(image) ? (textOrNull(image['hiRes']) ?? largest(image['main']) ?? textOrNull(image['large'])) : null,
    ),
  );
}

/** Books: `'imageGalleryData': [{mainUrl, ...}]`. */
function bookGallery(page: Page): string[] {
  const data = page.jsonAfter("'imageGalleryData'");
  return Array.isArray(data)
    ? distinct(data.map((image) => (isRecord(image) ? textOrNull(image['mainUrl']) : null)))
    : [];
}

/** One image element: its sizes, its large version, or its source. */
function imageOf(element: Element): string | null {
  return (
    textOrNull(attr(element, 'data-old-hires')) ??
    largest(parseLoose(attr(element, 'data-a-dynamic-image') ?? '')) ??
    textOrNull(attr(element, 'data-a-hires')) ??
    textOrNull(attr(element, 'src'))
  );
}

/** The picture at the top of pages without gallery data. */
const SHOWN = [
  'landingImage',
  'imgBlkFront',
  'ebooksImgBlkFront',
  'main-image',
  'prodImage',
  'original-main-image',
  'detailImg',
  'js-masrw-main-image',
  'gc-standard-design-image',
] as const;
/** Blocks that hold the picture, for want of its own id. */
const AROUND = ['imgTagWrapperId', 'img-canvas', 'ebooks-img-canvas', 'main-image-container'] as const;

/** The address of a picture without the part that sizes it ("61ab._AC_US40_.jpg"): the picture as it was sent in. */
const fullSize = (url: string): string => url.replace(/\._[^/]*_(?=\.[a-z]{3,4}$)/i, '');

/**
 * Pages saved without their scripts: the large picture, then the small ones beside it, films left out. The first small
 * one is the large one, from a file of its own.
 */
function thumbnails(page: Page): string[] {
  const landing = page.byId('landingImage');
  const small = page
    .select(page.byId('altImages'), 'li')
    .filter((item) => !hasClass(item, 'videoThumbnail') && !isHidden(item))
    .flatMap((item) => select(item, 'img').slice(0, 1))
    .map((picture) => attr(picture, 'src') ?? '')
    .filter((url) => /\/images\/I\//.test(url) && !/play-|PKmb/.test(url));
  return landing === null || small.length < 2 ? [] : distinct([imageOf(landing), ...small.slice(1).map(fullSize)]);
}
/** Mobile: the strip that opens over the page has the large sizes; the one in the page comes second. */
const STRIPS = ['immersive-main', 'image-block'] as const;

function strip(page: Page): string[] {
  for (const id of STRIPS) {
    const urls = page
      .select(page.byId(id), '[data-a-hires]')
      .map((picture) => textOrNull(attr(picture, 'data-a-hires')));
    const found = distinct(urls);
    if (found.length > 0) return found;
  }
  return [];
}

/** Films: the page describes itself to search engines. */
function described(page: Page): string[] {
  const data = page.jsonLd().filter(isRecord);
  return distinct(data.map((one) => textOrNull(one['thumbnailUrl']) ?? textOrNull(one['image'])));
}

function shown(page: Page): string[] {
  for (const id of SHOWN) {
    const urls = distinct(page.shownById(id).map(imageOf));
    if (urls.length > 0) return urls;
  }
  for (const id of AROUND) {
    const picture = page.first(page.byId(id), 'img');
    const urls = distinct([picture === null ? null : imageOf(picture)]);
    if (urls.length > 0) return urls;
  }
  return [];
}

/** `images`: the largest size of each picture of the gallery, the main one first. */
export const images: Field<string[]> = (page) =>
  firstOf(page, [gallery, bookGallery, strip, thumbnails, shown, described]) ?? [];
