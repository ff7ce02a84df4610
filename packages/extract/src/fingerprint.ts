import { createHash } from 'node:crypto';
import { PRODUCT_REGIONS } from './judge/index.ts';
import type { Page } from './page/index.ts';

/** Regions beside the product's that tell layouts apart. */
const OTHER_REGIONS: readonly string[] = [
  'search',
  's-results-list-atf',
  'atfResults',
  'zg',
  'aod-container',
  'aod-offer',
  'gw-layout',
  'gwm-Deck',
  'navbar',
  'nav-main',
  'nav-logobar',
  'corePrice_feature_div',
  'corePriceDisplay_desktop_feature_div',
  'apex_desktop',
  'price',
  'unifiedPrice_feature_div',
  'twister',
  'merchant-info',
];

/**
 * A short stable name for how a page failed: its kind, which well-known regions it has and which required fields it
 * lacks. The same layout failing for different products has one name, so that a ticket is filed once.
 */
export function fingerprint(page: Page, kind: string, missing: readonly string[]): string {
  const regions = [...PRODUCT_REGIONS, ...OTHER_REGIONS].filter((id) => page.has(id)).sort();
  const text = [kind, regions.join(' '), [...missing].sort().join(' ')].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
