import { AttributeAction, parse, SelectorType, type AttributeSelector, type Selector } from 'css-what';
import { hasClassAt } from './classes.ts';
import { testAttribute, type Comparison, type Reader } from './nodes.ts';

/**
 * Selectors over a page's outline: an element is decided on by its number, and no node is made of one that does not
 * match. Tags, classes, ids, attributes, descendants and children are known; the extractor needs no more.
 */

/** Whether the element of this number matches. */
export type Matcher = (reader: Reader, number: number) => boolean;

const COMPARISONS: Partial<Readonly<Record<AttributeAction, Comparison>>> = {
  [AttributeAction.Exists]: 'exists',
  [AttributeAction.Equals]: 'equals',
  [AttributeAction.Start]: 'start',
  [AttributeAction.End]: 'end',
  [AttributeAction.Any]: 'any',
};

const unknown = (part: Selector): RangeError =>
  new RangeError(`a selector may have tags, classes, ids, attributes, descendants and children, not ${part.type}`);

function attributeMatcher(part: AttributeSelector): Matcher {
  const { name, action, value } = part;
  if (name === 'class' && action === AttributeAction.Element) {
    return (reader, number) => hasClassAt(reader, number, value);
  }
  const how = COMPARISONS[action];
  if (how === undefined) throw unknown(part);
  return (reader, number) => testAttribute(reader, number, name, value, how);
}

function partMatcher(part: Selector): Matcher {
  if (part.type === SelectorType.Attribute) return attributeMatcher(part);
  if (part.type !== SelectorType.Tag) throw unknown(part);
  const { name } = part;
  return ({ outline }, number) => outline.name[number]?.text === name;
}

const all = (matchers: readonly Matcher[]): Matcher => {
  const [only] = matchers;
  if (matchers.length === 1 && only !== undefined) return only;
  return (reader, number) => matchers.every((matches) => matches(reader, number));
};

/** The element matches, and one of those around it (only the nearest, if `near`) matches what stands before. */
const inside =
  (matches: Matcher, outer: Matcher, near: boolean): Matcher =>
  (reader, number) => {
    if (!matches(reader, number)) return false;
    const { parent } = reader.outline;
    for (let up = parent[number] ?? -1; up !== -1; up = parent[up] ?? -1) {
      if (outer(reader, up)) return true;
      if (near) return false;
    }
    return false;
  };

function compound(parts: readonly Selector[]): Matcher {
  const at = parts.findLastIndex(({ type }) => type === SelectorType.Descendant || type === SelectorType.Child);
  const matches = all(parts.slice(at + 1).map(partMatcher));
  if (at === -1) return matches;
  return inside(matches, compound(parts.slice(0, at)), parts[at]?.type === SelectorType.Child);
}

/** What a selector matches. Throws on one that it does not know. */
export function readSelector(selector: string): Matcher {
  const [only, ...others] = parse(selector).map(compound);
  if (only === undefined) throw new RangeError('an empty selector matches nothing');
  if (others.length === 0) return only;
  return (reader, number) => only(reader, number) || others.some((matches) => matches(reader, number));
}
