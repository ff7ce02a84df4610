import type { ProductItem } from '@asa/contract';
import { attr, type Page } from '../../page/index.ts';
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
      ['book', 'book books abis_book english_books foreign_books'],
      [
        'kindle',
        'ebooks abis_ebooks digital_ebook_purchase digital_text fiona_ebooks kindle_magazine kindle_newspaper',
      ],
      ['audible', 'audible audible_audio downloadable_audio'],
      [
        'video',
        'video dvd blu_ray vhs instant_video amazon_instant_video digital_video_download movie movies movies_tv tv',
      ],
      [
        'music',
        'music digital_music digital_music_track digital_music_album digital_music_purchase dmusic vinyl popular ' +
          'classical classical_music',
      ],
      ['app', 'mobile_apps mobile_app mobile_application apps'],
      ['gift_card', 'gift_card gift_cards electronic_gift_card physical_gift_card'],
      ['subscription', 'magazine magazines subscriptions prime_membership'],
      ['other', 'digital_software digital_video_games software_download services local_services'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** A department by its name, which may end with a device or a country ("book_mobile", "dvd-de"). */
function kindOf(name: string | null | undefined): Kind | null {
  if (name === null || name === undefined || name === '' || /^[a-z]{2}_[A-Z]{2}$/.test(name)) return null;
  const folded = name
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/_display_on_website$/, '');
  const bare = folded.replace(/_(?:mobile|tablet|[a-z]{2})$/, '');
  return KINDS.get(folded) ?? KINDS.get(bare) ?? 'physical';
}

/**
 * The page's main block has the department for a class, beside the site's own; mobile pages add their device to it. One
 * that names a kind counts before one that may be anything.
 */
function department(page: Page): Kind | null {
  const tag = startTags(page, 'dp').find(({ id }) => id === 'dp')?.tag ?? '';
  const quoted = /\sclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(tag);
  const tokens = (quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? '').split(/\s+/);
  const kinds = tokens.filter((token) => /^(?!a-)[a-z][\w-]*$/i.test(token)).map(kindOf);
  return kinds.find((kind) => kind !== null && kind !== 'physical') ?? kinds.find((kind) => kind !== null) ?? null;
}

/** Older pages name their product group in scripts: `"productGroupID":"book_display_on_website"`. */
const GROUP = /I[dD]["']?\s*[:=]\s*(?=["'])/y;

function productGroup(page: Page): Kind | null {
  const value = literalAfter(page, 'productGroup', GROUP);
  return typeof value === 'string' ? kindOf(value) : null;
}

/** Older forms name the shop that the product is in. A shop that is no kind's says nothing: anything may be in it. */
function shop(page: Page): Kind | null {
  const kinds = page.allByAttr('name', 'storeID').map((input) => kindOf(attr(input, 'value')));
  return kinds.find((one) => one !== null && one !== 'physical') ?? null;
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
export const kind: Field<Kind> = once(
  (page) => firstOf(page, [video, department, productGroup, shop, isbn]) ?? 'physical',
);
