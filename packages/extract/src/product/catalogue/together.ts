import type { Element } from 'domhandler';
import { attr, select, type Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { shownAsin } from './identity.ts';
import { asinInUrl } from './json.ts';

/** The widget by the site's own names: of the card that draws it now, of its block before. */
const PAINTERS = ['p13n-desktop-sims-fbt-cards', 'p13n-mobile-sims-fbt-cards'] as const;
const IDS = ['sims-fbt', 'sims-fbt-primary', 'udpv3-fbt-primary', 'sims_fbt'] as const;

function widget(page: Page): Element | null {
  for (const name of PAINTERS) {
    const card = page.allByAttr('data-csa-c-painter', name)[0];
    if (card !== undefined) return card;
  }
  return page.firstById(...IDS);
}

/** `frequently_bought_together`: the companions. The product itself stands first in the widget and is left out. */
export const frequentlyBoughtTogether: Field<string[]> = (page) => {
  const block = widget(page);
  if (block === null) return [];
  const linked = select(block, 'a[href]').map((link) => asinInUrl(attr(link, 'href')));
  const own = shownAsin(page);
  return [...new Set(linked.filter((asin) => asin !== null && asin !== own))] as string[];
};
