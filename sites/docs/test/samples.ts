import { readPages } from '../src/pages.ts';

/** One block of code of a page. */
export interface Sample {
  readonly page: string;
  /** From 1, over all blocks of the page. */
  readonly number: number;
  readonly language: string;
  /** The label of its tab, or null. */
  readonly label: string | null;
  readonly text: string;
}

const BLOCK = /^```([\w-]*)(?: \[([^\]]+)\])?[^\n]*\n([\s\S]*?)^```$/gm;

/** Every block of code of every page, in order. */
export const samplesOfPages = (): Sample[] =>
  readPages().flatMap((page) =>
    [...page.source.matchAll(BLOCK)].map(([, language = '', label, text = ''], index) => ({
      page: page.name,
      number: index + 1,
      language,
      label: label ?? null,
      text,
    })),
  );

export const nameOf = ({ page, number, language, label }: Sample): string =>
  `${page} #${number} (${label ?? language})`;
