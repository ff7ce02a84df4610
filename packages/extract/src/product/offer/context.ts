import { shopWords, type ShopWords } from '@asa/contract';
import type { Page } from '../../page/index.ts';
import type { MoneyContext } from '../../text/money.ts';

/** The words of the language the page is written in. */
export const wordsOf = (page: Page): ShopWords => shopWords(page.locale);

/** How amounts on the page are read. */
export const moneyOf = (page: Page): MoneyContext => ({ language: page.locale, currency: page.marketplace.currency });
