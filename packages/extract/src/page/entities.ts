import { Parser } from 'htmlparser2';

/** References that nearly all texts of the pages use; each is complete with its semicolon, so nothing is ambiguous. */
const EASY_NAMES: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  lt: '<',
  gt: '>',
  apos: "'",
  nbsp: '\u00a0',
};
/** Numbers 160-49999, and the four of ASCII that pages escape: none of them is replaced by another character. */
const NUMBER = '#(?:34|38|39|60|62|1[6-9]\\d|[2-9]\\d\\d|[1-9]\\d{3}|[1-4]\\d{4})';
const EASY = new RegExp(`&(?:(${Object.keys(EASY_NAMES).join('|')})|(${NUMBER}));`, 'g');
const easyOr = (rest: string): RegExp => new RegExp(`&(?!(?:${Object.keys(EASY_NAMES).join('|')}|${NUMBER});|${rest})`);
/** Something else than an easy reference or a plain "&". */
const HARD_IN_TEXT = easyOr('[^A-Za-z#]|$');
/** In attributes a name right before "=" is no reference either: the addresses of the pages ("?a=1&ref=2"). */
const HARD_IN_ATTRIBUTE = easyOr('[^A-Za-z#]|$|[A-Za-z0-9]+=');

/** Whole texts at a time where that is enough; "&amp;" last, so that what it makes is not decoded again. */
function replaceEasy(text: string): string {
  if (text.includes('&#') || text.includes('&apos;')) {
    return text.replace(EASY, (_, name: string | undefined, number: string | undefined) =>
      name === undefined ? String.fromCharCode(Number(number?.slice(1))) : (EASY_NAMES[name] ?? ''),
    );
  }
  let replaced = text;
  if (text.includes('&q')) replaced = replaced.replaceAll('&quot;', '"');
  if (text.includes('&n')) replaced = replaced.replaceAll('&nbsp;', '\u00a0');
  if (text.includes('&l')) replaced = replaced.replaceAll('&lt;', '<');
  if (text.includes('&g')) replaced = replaced.replaceAll('&gt;', '>');
  return replaced.replaceAll('&amp;', '&');
}

function parsedText(markup: string): string {
  let decoded = '';
  const parser = new Parser({ ontext: (part) => (decoded += part) });
  parser.end(markup);
  return decoded;
}

/** Text between two tags, its character references decoded as htmlparser2 does. It may hold a stray "<", but no tag. */
export const decodeText = (text: string): string => (HARD_IN_TEXT.test(text) ? parsedText(text) : replaceEasy(text));

/** The same for the content of the element `name` (title, textarea), in which tags of other names are text. */
export const decodeContent = (text: string, name: string): string =>
  text.includes('<') || HARD_IN_TEXT.test(text) ? parsedText(`<${name}>${text}</${name}>`) : replaceEasy(text);

/** An attribute's value, its character references decoded as htmlparser2 does. */
export function decodeAttribute(value: string): string {
  if (!HARD_IN_ATTRIBUTE.test(value)) return replaceEasy(value);
  let decoded = value;
  const quote = value.includes('"') ? (value.includes("'") ? '' : "'") : '"';
  const parser = new Parser({ onattribute: (_, read) => (decoded = read) });
  parser.end(`<a b=${quote}${value}${quote}>`);
  return decoded;
}
