/**
 * The rules of HTML by which an element begins and ends, as htmlparser2 12 applies them. The outline of a page follows
 * the same rules, so that a region cut from the page has the nodes it would have in the whole document.
 * Source: htmlparser2's Parser and Tokenizer; `test/page-outline.test.ts` holds the two against each other.
 */

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Elements without content. */
export const VOID = set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
);

const P = set('p');
const HEADINGS = set('h1 h2 h3 h4 h5 h6 p');
const FORM_PARTS = set('input option optgroup select button datalist textarea');
const TABLE_SECTIONS = set('thead tbody');
const DD_DT = set('dd dt');
const RT_RP = set('rt rp');
const of = (names: string, closes: ReadonlySet<string>): (readonly [string, ReadonlySet<string>])[] =>
  names.split(' ').map((name) => [name, closes]);

/** Opening the key closes elements of these names at the top of the stack. */
export const OPEN_CLOSES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...of('tr', set('tr th td')),
  ...of('th', set('th')),
  ...of('td', set('thead th td')),
  ...of('body', set('head link script')),
  ...of('a', set('a')),
  ...of('li', set('li')),
  ...of('p', P),
  ...of('h1 h2 h3 h4 h5 h6', HEADINGS),
  ...of('select input output button datalist textarea', FORM_PARTS),
  ...of('option', set('option')),
  ...of('optgroup', set('optgroup option')),
  ...of('dd dt', DD_DT),
  ...of('address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav', P),
  ...of('ol pre section table ul', P),
  ...of('rt rp', RT_RP),
  ...of('tbody tfoot', TABLE_SECTIONS),
]);

/** Elements whose content is text up to their own end tag; `plaintext` never ends. */
export const RAW_TEXT = set('script style xmp iframe noembed noframes plaintext');
/** The same, with character references in the text. */
export const TEXT_ONLY = set('title textarea');

/** Elements of other languages: inside them self-closing tags count and nothing is raw text. */
export const FOREIGN = set('svg math');
/** Elements inside which HTML begins again. */
export const INTEGRATION = set('mi mo mn ms mtext annotation-xml foreignObject desc title');

/** SVG names that are written with capitals inside `<svg>`. */
export const SVG_NAMES: ReadonlyMap<string, string> = new Map(
  (
    'altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix ' +
    'feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight ' +
    'feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology ' +
    'feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient ' +
    'radialGradient textPath'
  )
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

/**
 * Deepest nesting that is read. Real pages stay under 60; a page made to nest without end is read up to the tag that
 * would go deeper, as if it had been cut there.
 */
export const MAX_DEPTH = 512;
