import type { Page } from '../../page/index.ts';

/** An element's id and its start tag as written. */
export interface StartTag {
  readonly id: string;
  readonly tag: string;
}

/** Start tags of the elements whose id begins so, in document order. Nothing of what is in the elements is read. */
export function startTags(page: Page, idPrefix: string): StartTag[] {
  const { withId, idStart, idEnd, start, open } = page.outline;
  const found: StartTag[] = [];
  for (let i = 0; i < idStart.length; i++) {
    const from = idStart[i] ?? 0;
    if (!page.raw.startsWith(idPrefix, from)) continue;
    const number = withId[i] ?? 0;
    found.push({ id: page.raw.slice(from, idEnd[i]), tag: page.raw.slice(start[number], open[number]) });
  }
  return found;
}
