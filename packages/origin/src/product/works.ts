import type { WordKey } from '@asa/contract';
import { isIsbn10 } from './identity.ts';

/** Works: what has makers instead of a brand. */
export type WorkKind = 'book' | 'kindle' | 'audible' | 'music' | 'video';

/** How the pages of one kind of work differ from those of the others. */
export interface WorkRow {
  /** The site's own name of the department: the class of the page's main block. */
  readonly department: string;
  /** Word for the form it comes in. */
  readonly format: WordKey;
  /** Words for what the first maker and the second have done. */
  readonly roles: readonly [WordKey, WordKey];
  /** A thing with a size and a weight. */
  readonly tangible: boolean;
  /** `bullets`: a list; `audible`: a table in a block of its own. */
  readonly details: 'bullets' | 'audible';
}

export const WORKS: Readonly<Record<WorkKind, WorkRow>> = {
  book: {
    department: 'book',
    format: 'formatPaperback',
    roles: ['roleAuthor', 'roleIllustrator'],
    tangible: true,
    details: 'bullets',
  },
  kindle: {
    department: 'ebooks',
    format: 'formatKindle',
    roles: ['roleAuthor', 'roleTranslator'],
    tangible: false,
    details: 'bullets',
  },
  audible: {
    department: 'audible',
    format: 'formatAudiobook',
    roles: ['roleAuthor', 'roleNarrator'],
    tangible: false,
    details: 'audible',
  },
  music: {
    department: 'music',
    format: 'formatAudioCd',
    roles: ['roleArtist', 'roleComposer'],
    tangible: true,
    details: 'bullets',
  },
  video: {
    department: 'dvd',
    format: 'formatDvd',
    roles: ['roleDirector', 'roleActor'],
    tangible: true,
    details: 'bullets',
  },
};

const BY_START: Readonly<Record<string, WorkKind>> = { BK: 'kindle', BA: 'audible', BM: 'music', BV: 'video' };

/** The kind of work an ASIN stands for: a valid ISBN-10 is a book, four beginnings are other kinds. Null: a thing. */
export function workOf(asin: string): WorkKind | null {
  if (isIsbn10(asin)) return 'book';
  return /^B[A-Z][A-Z0-9]{8}$/.test(asin) ? (BY_START[asin.slice(0, 2)] ?? null) : null;
}
