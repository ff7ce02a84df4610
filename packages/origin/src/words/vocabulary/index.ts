import { LANGUAGES, type Language } from '@asa/contract';
import { JA, KO, ZH_CN, ZH_TW } from './east-asian.ts';
import { CS, PL, TR } from './eastern.ts';
import { DE, EN } from './english-german.ts';
import { BN, HI, MR } from './indic-north.ts';
import { KN, ML, TA, TE } from './indic-south.ts';
import { DA, NL, SV } from './northern.ts';
import { ES, FR, IT, PT } from './romance.ts';
import { AR, HE } from './semitic.ts';
import type { Vocabulary } from './types.ts';

export * from './types.ts';

/** By UI language where a script has regions, else by base language. */
const ROWS: Readonly<Record<string, Vocabulary>> = {
  en: EN,
  de: DE,
  es: ES,
  fr: FR,
  it: IT,
  pt: PT,
  nl: NL,
  sv: SV,
  da: DA,
  pl: PL,
  cs: CS,
  tr: TR,
  ja: JA,
  ko: KO,
  zh_CN: ZH_CN,
  zh_TW: ZH_TW,
  ar: AR,
  he: HE,
  hi: HI,
  mr: MR,
  bn: BN,
  kn: KN,
  te: TE,
  ta: TA,
  ml: ML,
};

/** The words for the goods in a UI language. */
export function vocabulary(language: Language): Vocabulary {
  const row = ROWS[language] ?? ROWS[LANGUAGES[language].tag.split('-')[0] ?? ''];
  if (row === undefined) throw new RangeError(`no vocabulary for ${language}`);
  return row;
}
