/** Ways to rewrite and to damage a page, for the tests of robustness. */

/** A fixed sequence of numbers in [0, 1). */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}

/** A change of a page's text, with its name. */
export interface Change {
  readonly name: string;
  readonly apply: (html: string, random: () => number) => string;
}

const TAG = /<\/?[a-z][^<>]*>/gi;
const START_TAG = /<([a-z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")+)(\s*\/?)>/gi;
const CODE = /(<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>)/i;

/** Changes markup and leaves scripts and styles as they are: quotes and references mean something else in them. */
const outsideCode = (html: string, change: (markup: string) => string): string =>
  html
    .split(CODE)
    .map((piece, i) => (i % 2 === 1 ? piece : change(piece)))
    .join('');

/** Changes the texts between tags. */
const texts = (html: string, change: (text: string) => string): string =>
  outsideCode(html, (markup) => markup.replace(/>([^<]+)</g, (_, text: string) => `>${change(text)}<`));

/** The same page in other letters: a browser shows the same. */
export const REWRITINGS: readonly Change[] = [
  {
    name: 'attributes in another order',
    apply: (html) =>
      html.replace(START_TAG, (_, name: string, attributes: string, end: string) => {
        const each = attributes.match(/[\w:-]+="[^"]*"/g) ?? [];
        // Of an attribute that is there twice the first counts.
        const unique = new Set(each.map((one) => one.slice(0, one.indexOf('=')))).size === each.length;
        return `<${name} ${(unique ? each.toReversed() : each).join(' ')}${end}>`;
      }),
  },
  { name: 'tags in capitals', apply: (html) => html.replace(/<\/?[a-z][\w-]*/g, (tag) => tag.toUpperCase()) },
  {
    name: 'single quotes',
    apply: (html) => outsideCode(html, (markup) => markup.replace(/="([^"'<>]*)"/g, "='$1'")),
  },
  {
    name: 'character references',
    apply: (html, random) =>
      texts(html, (text) =>
        text.replace(/&#?\w+;|[A-Za-z0-9$€£.,]/g, (part) =>
          part.startsWith('&') || random() < 0.5 ? part : `&#${part.codePointAt(0)};`,
        ),
      ),
  },
  { name: 'more white space', apply: (html) => texts(html, (text) => text.replace(/ /g, '\n \t  ')) },
  {
    name: 'long white space',
    apply: (html, random) => texts(html, (text) => (random() < 0.005 ? text.replace(' ', ' '.repeat(20_000)) : text)),
  },
];

/** A page that lost something, or has something strange in it. */
export const DAMAGES: readonly Change[] = [
  {
    name: 'one tag in a hundred lost',
    apply: (html, random) => html.replace(TAG, (tag) => (random() < 0.01 ? '' : tag)),
  },
  { name: 'one tag in ten lost', apply: (html, random) => html.replace(TAG, (tag) => (random() < 0.1 ? '' : tag)) },
  {
    name: 'signs changed outside numbers',
    apply: (html, random) => html.replace(/[a-z"{}:]/g, (sign) => (random() < 0.002 ? '%' : sign)),
  },
];
