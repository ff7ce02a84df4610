import { VERDICTS, type ErrorCode, type Target, type Verdict } from '@asa/contract';

/** The text for the caller when a page could not be obtained: what was asked, what came, after how many attempts. Pure. */
export function failureMessage(
  code: ErrorCode,
  target: Target,
  verdict: Verdict | null,
  attempts: number,
  pageAsin: string | null,
): string {
  const what =
    target.kind === 'product'
      ? `product ${target.asin}`
      : `page ${target.page} of the search ${JSON.stringify(target.query)}`;
  const asked = `${what} on amazon.${target.domain}`;
  const tried = attempts === 1 ? 'after 1 attempt' : `after ${attempts} attempts`;
  const last = verdict === null ? '' : `: ${VERDICTS[verdict].means}`;
  switch (code) {
    case 'product_not_found':
      return `amazon.${target.domain} has no page for ${what}.`;
    case 'asin_mismatch':
      return `Asked for ${asked}, but the page is of ${pageAsin === null ? 'another product' : `product ${pageAsin}`}.`;
    case 'generic_gallery_page':
      return `Asked for ${asked}, but a shelf of other products was served; the product is probably delisted.`;
    case 'blocked_by_amazon':
      return `The marketplace did not serve ${asked} ${tried}${last}.`;
    case 'upstream_timeout':
      return `The marketplace took too long to serve ${asked} (${tried}).`;
    case 'capacity':
      return `The request for ${asked} was not sent: as many as amazon.${target.domain} bears, or as this server can make, are under way.`;
    case 'forbidden_region':
      return `There is no exit for ${asked} in ${target.country === null ? 'any country' : `country ${target.country}`} that the plan may use.`;
    case 'extraction_failed':
      return `A page arrived for ${asked}, but no ${target.kind === 'product' ? 'product' : 'result list'} could be read from it (${tried}); a ticket with the page was filed.`;
    default:
      return `No usable page arrived for ${asked} ${tried}${last}.`;
  }
}
