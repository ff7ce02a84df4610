export * from './types.ts';
export { PLACEHOLDERS } from './placeholders.ts';
export {
  cleanText,
  fill,
  findPhrase,
  hasPhrase,
  matcher,
  matchPhrase,
  placeholdersOf,
  type Matcher,
  type PhraseHit,
  type PhraseValues,
} from './match.ts';
export { shopWords } from './rows.ts';
