import type { Element } from 'domhandler';
import { attr, elementsIn, hasClass, type LeaveOut } from '../../page/index.ts';

/** A part of the page: its elements in document order, without what has been left out. */
export class Part {
  readonly roots: readonly Element[];
  readonly elements: readonly Element[];
  private readonly ids = new Map<string, Element[]>();

  constructor(roots: readonly Element[], leaveOut: LeaveOut) {
    const elements: Element[] = [];
    this.roots = roots;
    this.elements = elements;
    for (const root of roots) {
      elements.push(root);
      elementsIn(root, leaveOut, elements);
    }
    for (const element of elements) this.file(element);
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

  private file(element: Element): void {
    const id = attr(element, 'id');
    if (id === null) return;
    const known = this.ids.get(id);
    if (known === undefined) this.ids.set(id, [element]);
    else known.push(element);
  }
}
