/**
 * Highlighted code without style attributes: each colour pair becomes a class, so that the pages need no inline styles
 * and the content security policy can forbid them.
 */
interface Element {
  properties?: Record<string, unknown>;
}

const seen = new Map<string, string>();

/** The style of a token as text, whatever form the highlighter gave it. */
const asText = (style: unknown): string =>
  typeof style === 'string'
    ? style
    : Object.entries((style ?? {}) as Record<string, string>)
        .map(([name, value]) => `${name}:${value}`)
        .join(';');

function toClass(node: Element): void {
  const style = asText(node.properties?.['style']);
  if (style === '' || node.properties === undefined) return;
  const name = seen.get(style) ?? `t${seen.size}`;
  seen.set(style, name);
  delete node.properties['style'];
  const before = node.properties['class'];
  node.properties['class'] = [before, name].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

export const classes = {
  transformer: {
    name: 'asa:style-to-class',
    pre: toClass,
    line: toClass,
    span: toClass,
  },
  /** The rules for every class that was given so far. */
  css: (): string => [...seen].map(([style, name]) => `.vp-code .${name},.vp-code.${name}{${style}}`).join('\n'),
};
