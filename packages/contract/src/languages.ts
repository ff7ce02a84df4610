/** How numbers are written in one UI language. Source: contract section 11 and the pages themselves. */
export interface LanguageRow {
  /** BCP 47 tag for `Intl` (month names, digits). */
  readonly tag: string;
  /** Decimal mark of this language's pages. */
  readonly decimal: '.' | ',' | '٫';
  /** Grouping marks seen on its pages. */
  readonly grouping: readonly string[];
  readonly direction: 'ltr' | 'rtl';
}

const row = (
  tag: string,
  decimal: LanguageRow['decimal'],
  grouping: readonly string[],
  direction: LanguageRow['direction'] = 'ltr',
): LanguageRow => ({ tag, decimal, grouping, direction });
const NBSP = '\u00a0';
const NNBSP = '\u202f';

/** One row per UI language of the marketplaces. */
export const LANGUAGES = {
  en_US: row('en-US', '.', [',']),
  en_GB: row('en-GB', '.', [',']),
  en_CA: row('en-CA', '.', [',']),
  en_AU: row('en-AU', '.', [',']),
  en_SG: row('en-SG', '.', [',']),
  en_IN: row('en-IN', '.', [',']),
  en_AE: row('en-AE', '.', [',']),
  es_US: row('es-US', '.', [',']),
  es_MX: row('es-MX', '.', [',']),
  es_ES: row('es-ES', ',', ['.', ' ', NBSP]),
  de_DE: row('de-DE', ',', ['.', ' ', NBSP]),
  fr_FR: row('fr-FR', ',', [' ', NBSP, NNBSP, '.']),
  fr_CA: row('fr-CA', ',', [' ', NBSP, NNBSP]),
  it_IT: row('it-IT', ',', ['.', ' ', NBSP]),
  nl_NL: row('nl-NL', ',', ['.', ' ', NBSP]),
  pl_PL: row('pl-PL', ',', [' ', NBSP, NNBSP, '.']),
  sv_SE: row('sv-SE', ',', [' ', NBSP, NNBSP, '.']),
  da_DK: row('da-DK', ',', ['.', ' ', NBSP]),
  cs_CZ: row('cs-CZ', ',', [' ', NBSP, NNBSP, '.']),
  pt_BR: row('pt-BR', ',', ['.', ' ', NBSP]),
  pt_PT: row('pt-PT', ',', ['.', ' ', NBSP, NNBSP]),
  tr_TR: row('tr-TR', ',', ['.', ' ', NBSP]),
  ko_KR: row('ko-KR', '.', [',']),
  ja_JP: row('ja-JP', '.', [',', '，']),
  zh_CN: row('zh-CN', '.', [',', '，']),
  zh_TW: row('zh-TW', '.', [',', '，']),
  he_IL: row('he-IL', '.', [','], 'rtl'),
  ar_AE: row('ar-AE', '.', [',', '٬'], 'rtl'),
  hi_IN: row('hi-IN', '.', [',']),
  kn_IN: row('kn-IN', '.', [',']),
  ml_IN: row('ml-IN', '.', [',']),
  ta_IN: row('ta-IN', '.', [',']),
  te_IN: row('te-IN', '.', [',']),
  mr_IN: row('mr-IN', '.', [',']),
  bn_IN: row('bn-IN', '.', [',']),
} as const satisfies Record<string, LanguageRow>;

/** `xx_YY`, as callers send it. */
export type Language = keyof typeof LANGUAGES;
