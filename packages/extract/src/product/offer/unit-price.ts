import { matchPhrase, type ProductItem } from '@asa/contract';
import { type Element, isTag } from 'domhandler';
import { hasClass, type Page, textOf } from '../../page/index.ts';
import { parseUnitMoney } from '../../text/money.ts';
import { moneyOf, wordsOf } from './context.ts';
import { isUnitPrice } from './core-price.ts';
import { countedPrice } from './price.ts';
import { priceParts } from './scope.ts';

const MARKED = ['apex-priceperunit-value', 'pricePerUnit'] as const;

/** Elements that may hold a price of one unit: marked ones first, then amounts in brackets. */
function candidates(page: Page): Element[] {
  return priceParts(page).flatMap((part) => [
    ...MARKED.flatMap((name) => part.byClass(name)),
    ...part.elements.filter((node) => hasClass(node, 'a-price') && isUnitPrice(node)),
    ...part.elements.filter(
      (node) => node.name === 'span' && !node.children.some(isTag) && BRACKETS.test(textOf(node)),
    ),
  ]);
}

/** "($0.38 / oz)" */
const BRACKETS = /^[([（](.+)[)\]）]$/;

/** The amount, a spoken twin of it taken away, and what follows it. */
function sentenceOf(node: Element): string {
  const spoken = node.children.some(isTag) ? node : null;
  const inner =
    hasClass(node, 'a-price') && node.parent !== null && isTag(node.parent) ? node.parent : (spoken ?? node);
  const parts: string[] = [];
  const collect = (element: Element): void => {
    for (const child of element.children) {
      if (!isTag(child)) parts.push(textOf(child));
      else if (hasClass(child, 'a-price')) parts.push(textOf(child.children.find(isTag) ?? child));
      else if (!hasClass(child, 'aok-offscreen')) collect(child);
    }
  };
  collect(inner);
  return parts.join(' ').replace(/\s+/g, ' ').trim().replace(BRACKETS, '$1').trim();
}

function read(page: Page, node: Element): ProductItem['unit_price'] {
  const sentence = sentenceOf(node);
  const [amount = '', ...unit] = sentence.split(/\s*[/／]\s*/);
  const phrase = unit.length > 0 ? null : matchPhrase(wordsOf(page).unitPer, sentence);
  const money = parseUnitMoney(phrase?.['price'] ?? amount, moneyOf(page));
  const name = phrase?.['unit'] ?? unit.join('/');
  return money === null || name === '' ? null : { price: money.amount, unit: name };
}

/** Price of one unit beside the price, with the unit as shown. */
export const unitPrice = (page: Page): ProductItem['unit_price'] => {
  if (countedPrice(page) === null) return null;
  for (const node of candidates(page)) {
    const found = read(page, node);
    if (found !== null) return found;
  }
  return null;
};
