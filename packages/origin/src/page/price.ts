import type { Language } from '@asa/contract';
import { money, type ShownMoney } from '../words/money.ts';
import { markup, raw, type Html } from './html.ts';

/** Markup of prices: a text for screen readers beside the same amount split into sign, whole part and fraction. */

const SPACE = raw(' ');

/** The split form, in the order in which the language puts the sign. */
export function splitPrice({ sign, signFirst, whole, mark, fraction }: ShownMoney): Html {
  const symbol = markup`<span class="a-price-symbol">${sign}</span>`;
  const decimals =
    mark === null
      ? markup`<span class="a-price-whole">${whole}</span>`
      : markup`<span class="a-price-whole">${whole}<span class="a-price-decimal">${mark}</span></span
          ><span class="a-price-fraction">${fraction}</span>`;
  return signFirst ? markup`${symbol}${decimals}` : markup`${decimals}${symbol}`;
}

export interface PriceLook {
  readonly classes?: string;
  readonly size?: string;
  /** The text for screen readers is empty, as on many pages: only the split form shows the amount. */
  readonly silent?: boolean;
}

/** A price that can be paid. */
export function priceTag(language: Language, currency: string, amount: number, look: PriceLook = {}): Html {
  const shown = money(language, currency, amount);
  return markup`<span
    class="a-price${look.classes === undefined ? '' : ` ${look.classes}`}"
    data-a-size="${look.size ?? 'l'}"
    data-a-color="base"
    ><span class="a-offscreen">${look.silent === true ? SPACE : shown.text}</span
    ><span aria-hidden="true">${splitPrice(shown)}</span></span
  >`;
}

/** A price beside the one to be paid: crossed out (`strike`) or per unit. */
export function sidePrice(language: Language, currency: string, amount: number, strike: boolean): Html {
  const { text } = money(language, currency, amount);
  const attribute = strike ? raw(' data-a-strike="true"') : raw('');
  const name = strike ? 'apex-basisprice-value' : 'apex-priceperunit-value';
  return markup`<span class="a-price a-text-price ${name}" data-a-size="s" ${attribute} data-a-color="secondary"
    ><span class="a-offscreen">${text}</span><span aria-hidden="true">${text}</span></span
  >`;
}
