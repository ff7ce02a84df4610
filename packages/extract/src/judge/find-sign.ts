import type { Page } from '../page/index.ts';
import { NAVIGATION, type Sign } from './signs.ts';
import { hasWords } from './words.ts';

export type Headers = Readonly<Record<string, string>>;

function headerValue(headers: Headers, name: string): string | null {
  const key = Object.keys(headers).find((one) => one.toLowerCase() === name);
  return key === undefined ? null : (headers[key] ?? null);
}

const isBare = (page: Page): boolean => !NAVIGATION.some((id) => page.has(id));

function isThere(sign: Sign, page: Page, headers: Headers): boolean {
  switch (sign.in) {
    case 'id':
      return page.has(sign.is);
    case 'class':
      return page.hasClass(sign.is);
    case 'field':
      return page.hasAttr('name', sign.is);
    case 'script':
      return page.inScript(sign.has);
    case 'source':
      return isBare(page) && page.raw.includes(sign.has);
    case 'header': {
      const value = headerValue(headers, sign.is);
      return value !== null && (sign.value === undefined || sign.value.test(value.trim()));
    }
    case 'title':
    case 'headline':
    case 'picture':
    case 'button':
    case 'text':
      return (sign.bare !== true || isBare(page)) && hasWords(page, sign.in, sign.words, sign.whole === true);
    default:
      return page.someAttr(sign.in, sign.has, sign.of);
  }
}

/** The first sign of the list that the page or its headers show. */
export function findSign(signs: readonly Sign[], page: Page, headers: Headers): Sign | null {
  return signs.find((sign) => isThere(sign, page, headers)) ?? null;
}
