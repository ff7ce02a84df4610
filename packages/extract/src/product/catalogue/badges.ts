import type { Element } from 'domhandler';
import { first, isWithinHidden, textOf } from '../../page/index.ts';
import { linesOf } from './lines.ts';
import { once, type Field } from '../field.ts';

/** Text of a badge without the popover that explains it. */
function badgeText(badge: Element | null): string | null {
  if (badge === null || isWithinHidden(badge)) return null;
  const text = linesOf(badge, (element) => /popover-preload/.test(element.attribs['class'] ?? '')).join(' ');
  return text === '' ? null : text;
}

const CHOICE = '[class*="ac-badge-wrapper"], [class*="ac-badge-rectangle"], [class*="ac-badge-mobile"]';

const choiceBadge: Field<string | null> = once((page) =>
  badgeText(page.first(page.byId('acBadge_feature_div'), CHOICE)),
);

/** Badges of the best-seller lists: their link says of which list. A newcomer's badge leads to another one. */
const topBadge: Field<{ readonly text: string; readonly bestSeller: boolean } | null> = once((page) => {
  const block = page.byId('zeitgeistBadge_feature_div');
  const link = page.first(block, 'a[href*="bestsellers"], a[href*="new-releases"], a[href*="zgbs"]');
  const wrapper = page.first(block, '.badge-wrapper, .zg-bf-badge-wrapper, .zg-badge-wrapper');
  const text = badgeText(wrapper ?? link);
  if (block === null || text === null) return null;
  const marked = first(block, '.mvt-best-seller-badge, .p13n-best-seller-badge') !== null;
  return { text, bestSeller: marked || /bestsellers|zgbs/.test(link?.attribs['href'] ?? '') };
});

/** `is_amazons_choice`. */
export const isAmazonsChoice: Field<boolean> = (page) => choiceBadge(page) !== null;

/** `is_best_seller`: the badge itself, not a rank of 1. */
export const isBestSeller: Field<boolean> = (page) => topBadge(page)?.bestSeller === true;

/** Other badges of the title block. */
const OTHERS = ['climatePledgeFriendlyBadge', 'amazonExclusiveBadge_feature_div', 'chartsBadge_feature_div'] as const;

/** `badges`: the texts of the badges beside the title. */
export const badges: Field<string[]> = (page) => {
  const others = OTHERS.map((id) => badgeText(page.byId(id)));
  return [choiceBadge(page), topBadge(page)?.text ?? null, ...others].filter((text) => text !== null);
};

/** `sales_volume`: "1K+ bought in past month" as shown. */
export const salesVolume: Field<string | null> = (page) =>
  textOf(page.byId('social-proofing-faceout-title-tk_bought')) || null;
