import type { Language } from '../languages.ts';
import { AR } from './ar.ts';
import { BN } from './bn.ts';
import { CS } from './cs.ts';
import { DA } from './da.ts';
import { DE } from './de.ts';
import { EN } from './en.ts';
import { ES } from './es.ts';
import { FR } from './fr.ts';
import { HE } from './he.ts';
import { HI } from './hi.ts';
import { IT } from './it.ts';
import { JA } from './ja.ts';
import { KN } from './kn.ts';
import { KO } from './ko.ts';
import { MR } from './mr.ts';
import { ML } from './ml.ts';
import { NL } from './nl.ts';
import { PL } from './pl.ts';
import { PT } from './pt.ts';
import { EN_AE, EN_AU, EN_CA, EN_GB, EN_IN, EN_SG, ES_MX, ES_US, FR_CA, PT_PT, withOverrides } from './regions.ts';
import { SV } from './sv.ts';
import { TE } from './te.ts';
import { TA } from './ta.ts';
import { TR } from './tr.ts';
import type { ShopWords } from './types.ts';
import { ZH_TW } from './zh-tw.ts';
import { ZH } from './zh.ts';

const ROWS = {
  en_US: EN,
  en_GB: EN_GB,
  en_CA: EN_CA,
  en_AU: EN_AU,
  en_SG: EN_SG,
  en_IN: EN_IN,
  en_AE: EN_AE,
  es_US: ES_US,
  es_MX: ES_MX,
  es_ES: ES,
  de_DE: DE,
  fr_FR: FR,
  fr_CA: FR_CA,
  it_IT: IT,
  nl_NL: NL,
  pl_PL: PL,
  sv_SE: SV,
  da_DK: DA,
  cs_CZ: CS,
  pt_BR: PT,
  pt_PT: PT_PT,
  tr_TR: TR,
  ko_KR: KO,
  ja_JP: JA,
  zh_CN: ZH,
  zh_TW: ZH_TW,
  he_IL: HE,
  ar_AE: AR,
  // What an Indian language does not write itself its pages show in English.
  hi_IN: withOverrides(EN_IN, HI),
  kn_IN: withOverrides(EN_IN, KN),
  ml_IN: withOverrides(EN_IN, ML),
  ta_IN: withOverrides(EN_IN, TA),
  te_IN: withOverrides(EN_IN, TE),
  mr_IN: withOverrides(EN_IN, MR),
  bn_IN: withOverrides(EN_IN, BN),
} as const satisfies Record<Language, ShopWords>;

/** The words of a UI language. */
export const shopWords = (language: Language): ShopWords => ROWS[language];
