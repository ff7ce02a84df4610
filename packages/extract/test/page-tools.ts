import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProductTarget } from '@asa/contract';
import type { AnyNode, Element } from 'domhandler';
import { createPage, type Page } from '../src/page/index.ts';

/** Where the corpus is, if it is. */
export const CORPUS = join(import.meta.dirname, '../../../../shared/corpus');
export const NO_CORPUS = existsSync(CORPUS) ? false : `corpus not found: ${CORPUS}`;

export interface CorpusRow {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly language: string | null;
  readonly asin?: string;
  readonly query?: string;
  readonly label?: string | null;
}

export const corpusRows = (): CorpusRow[] =>
  readFileSync(join(CORPUS, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusRow);

export const corpusBody = (row: CorpusRow): Buffer => readFileSync(join(CORPUS, row.file));

export const TARGET: ProductTarget = {
  kind: 'product',
  domain: 'com',
  language: 'en_US',
  country: null,
  url: 'https://www.amazon.com/dp/B000000000',
  asin: 'B000000000',
};

export const pageOf = (body: string | Uint8Array, contentType: string | null = null): Page =>
  createPage({
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
    contentType,
    url: TARGET.url,
    target: TARGET,
  });

const isElement = (node: AnyNode): node is Element => 'attribs' in node;

/** Every element below a node, in document order. Not recursive: broken pages nest deep. */
export function elementsBelow(root: AnyNode): Element[] {
  const found: Element[] = [];
  const stack: AnyNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isElement(node)) found.push(node);
    if ('children' in node) for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as AnyNode);
  }
  return found;
}

const labelOf = (node: AnyNode): string =>
  isElement(node)
    ? `<${node.name} ${JSON.stringify(node.attribs)}>`
    : `${node.type} ${'data' in node ? JSON.stringify(node.data) : ''}`;

function sameNode(a: AnyNode, b: AnyNode): boolean {
  if (a.type !== b.type) return false;
  if ('data' in a && 'data' in b) return a.data === b.data;
  if (!isElement(a) || !isElement(b)) return true;
  const names = Object.keys(a.attribs);
  return (
    a.name === b.name &&
    names.length === Object.keys(b.attribs).length &&
    names.every((name) => a.attribs[name] === b.attribs[name])
  );
}

/**
 * Where two trees first differ, or null. With `stopAtIds` the content of elements below that carry an id is left out:
 * they are compared on their own.
 */
export function differenceOf(a: AnyNode, b: AnyNode, stopAtIds = false): string | null {
  const stack: [AnyNode, AnyNode][] = [[a, b]];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [x, y] = pair;
    if (!sameNode(x, y)) return `${labelOf(x)} is not ${labelOf(y)}`;
    if (stopAtIds && x !== a && isElement(x) && 'id' in x.attribs) continue;
    const left = 'children' in x ? x.children : [];
    const right = 'children' in y ? y.children : [];
    if (left.length !== right.length) return `${left.length} children of ${labelOf(x)}, not ${right.length}`;
    left.forEach((child, i) => stack.push([child, right[i] as AnyNode]));
  }
  return null;
}
