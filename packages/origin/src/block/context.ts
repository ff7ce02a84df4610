import type { Domain, Language } from '@asa/contract';

/** What a page that comes instead of a product needs to know. */
export interface BlockContext {
  readonly domain: Domain;
  readonly language: Language;
  /** Path and query below the marketplace, as asked. */
  readonly path: string;
}
