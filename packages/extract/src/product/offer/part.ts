import { type Element, isTag } from 'domhandler';
import { attr, hasClass } from '../../page/index.ts';

/** A part of the page: its elements in document order, without what has been left out. */
export class Part {
  readonly roots: readonly Element[];
  readonly elements: readonly Element[];
  private readonly ids = new Map<string, Element[]>();

  constructor(roots: readonly Element[], leaveOut: (element: Element) => boolean) {
    const elements: Element[] = [];
    this.roots = roots;
    this.elements = elements;
    for (const root of roots) this.file(root, leaveOut, elements);
  }

  /** The first element with one of these ids, the ids in order. */
  byId(...ids: readonly string[]): Element | null {
    for (const id of ids) {
      const found = this.ids.get(id)?.[0];
      if (found !== undefined) return found;
    }
    return null;
  }

  allById(id: string): readonly Element[] {
    return this.ids.get(id) ?? [];
  }

  /** Elements with this class token. */
  byClass(token: string): Element[] {
    return this.elements.filter((element) => hasClass(element, token));
  }

  private file(element: Element, leaveOut: (element: Element) => boolean, into: Element[]): void {
    into.push(element);
    const id = attr(element, 'id');
    if (id !== null) {
      const known = this.ids.get(id);
      if (known === undefined) this.ids.set(id, [element]);
      else known.push(element);
    }
    for (const child of element.children) {
      if (isTag(child) && !leaveOut(child)) this.file(child, leaveOut, into);
    }
  }
}
