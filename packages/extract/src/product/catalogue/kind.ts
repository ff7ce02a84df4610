import type { ProductItem } from '@asa/contract';
import type { Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { isIsbn10 } from './gtins.ts';
import { shownAsin } from './identity.ts';
import { literalAfter } from './script.ts';
import { startTags } from './start-tag.ts';

type Kind = ProductItem['kind'];

/** Kinds by the site's own names of its departments, which are the same in every language. Any other is of things. */
const KINDS: ReadonlyMap<string, Kind> = new Map(
  (
    [
      ['book', 'book books abis_book'],
      ['kindle', 'ebooks digital_ebook_purchase digital_text kindle_magazine kindle_newspaper'],
      ['audible', 'audible downloadable_audio'],
      ['video', 'video dvd blu_ray instant_video amazon_instant_video digital_video_download movie tv'],
      ['music', 'music digital_music digital_music_track digital_music_album dmusic vinyl'],
      ['app', 'mobile_apps mobile_app mobile_application apps'],
      ['gift_card', 'gift_card gift_cards electronic_gift_card physical_gift_card'],
      ['subscription', 'magazine magazines subscriptions prime_membership'],
      ['other', 'digital_software digital_video_games software_download services local_services'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** The page's main block has the department for its class; mobile pages add their device to it. */
function department(page: Page): Kind | null {
  const tag = startTags(page, 'dp').find(({ id }) => id === 'dp')?.tag ?? '';
  const name = /\sclass\s*=\s*["']?\s*([a-z][a-z_]*?)(?:_mobile)?(?=[\s"'>])/i.exec(tag)?.[1];
  return name === undefined ? null : (KINDS.get(name) ?? 'physical');
}

/** Older pages name their product group in scripts: `"productGroupID":"book_display_on_website"`. */
const GROUP = /I[dD]["']?\s*[:=]\s*(?=["'])/y;

function productGroup(page: Page): Kind | null {
  const value = literalAfter(page, 'productGroup', GROUP);
  return typeof value === 'string' ? (KINDS.get(value.replace(/_display_on_website$/, '')) ?? 'physical') : null;
}

/** Films and series have a page of their own. */
const video = (page: Page): Kind | null =>
  page.has('aiv-content-title') || page.has('dv-product-details') || page.has('dv-action-box') ? 'video' : null;

/** The ASIN of a printed book is its ISBN-10. */
function isbn(page: Page): Kind | null {
  const asin = shownAsin(page);
  return asin !== null && /^\d{9}[\dX]$/.test(asin) && isIsbn10(asin) ? 'book' : null;
}

/** `kind`. What no department names is a thing. */
export const kind: Field<Kind> = once((page) => firstOf(page, [video, department, productGroup, isbn]) ?? 'physical');
