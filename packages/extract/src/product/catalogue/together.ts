import type { Element } from 'domhandler';
import { attr, select, type Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { shownAsin } from './identity.ts';
import { asinInUrl } from './json.ts';
import { startTags } from './start-tag.ts';

/** The block of the widget before it was a card. */
const IDS = ['sims-fbt', 'sims-fbt-primary', 'udpv3-fbt-primary', 'sims_fbt'] as const;

/** The card says in its start tag which widget it is ("p13n-desktop-sims-fbt_DPSims_0"). */
function widget(page: Page): Element | null {
  const card = startTags(page, 'CardInstance').find(({ tag }) => tag.includes('sims-fbt'));
  return card === undefined ? page.firstById(...IDS) : page.byId(card.id);
}

/** `frequently_bought_together`: the companions. The product itself stands first in the widget and is left out. */
export const frequentlyBoughtTogether: Field<string[]> = (page) => {
  const block = widget(page);
  if (block === null) return [];
  const linked = select(block, 'a[href]').map((link) => asinInUrl(attr(link, 'href')));
  const own = shownAsin(page);
  return [...new Set(linked.filter((asin) => asin !== null && asin !== own))] as string[];
};
