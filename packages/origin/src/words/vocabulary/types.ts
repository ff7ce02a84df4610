/** What the synthetic shop sells, and the words for it. All texts are invented for this project. */

export const DEPARTMENTS = ['electronics', 'kitchen', 'fashion', 'sports', 'grocery', 'books'] as const;
export type Department = (typeof DEPARTMENTS)[number];

/** Kinds of goods and their department. */
export const THINGS = {
  headphones: 'electronics',
  lamp: 'kitchen',
  kettle: 'kitchen',
  backpack: 'fashion',
  shirt: 'fashion',
  bottle: 'sports',
  mat: 'sports',
  coffee: 'grocery',
} as const satisfies Record<string, Department>;
export type Thing = keyof typeof THINGS;
export const THING_NAMES = Object.keys(THINGS) as Thing[];

type Three = readonly [string, string, string];
type Six = readonly [string, string, string, string, string, string];

/** One language's words for the goods. */
export interface Vocabulary {
  /** In the order of `DEPARTMENTS`. */
  readonly departments: Six;
  /** Name of one, and name of the category that lists them. */
  readonly things: Readonly<Record<Thing, readonly [name: string, shelf: string]>>;
  readonly colors: Six;
  readonly materials: Three;
  /** Selling points, true of anything. */
  readonly points: readonly [string, string, string, string, string];
  /** Two sentences of a description. */
  readonly about: readonly [string, string];
  /** Title and text of a review, from the best (5 stars) to the worst (2 stars). */
  readonly opinions: readonly [Opinion, Opinion, Opinion, Opinion];
  readonly bookTitles: Three;
  readonly genres: Three;
}
export type Opinion = readonly [title: string, text: string];
