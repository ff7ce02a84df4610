import { LANGUAGES, MARKETPLACES, type Language } from '@asa/contract';
import { code, table } from './table.ts';

const countryName = new Intl.DisplayNames('en', { type: 'region' });
const languageName = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });

export const marketplacesTable = (): string =>
  table(
    ['Domain', 'Country', 'Currency', 'Languages, the default first'],
    MARKETPLACES.map(({ domain, country, currency, languages }) => [
      code(domain),
      countryName.of(country) ?? country,
      code(currency),
      languages.map((language) => code(language)).join(' '),
    ]),
  );

export const languagesTable = (): string =>
  table(
    ['Language', 'Name'],
    (Object.keys(LANGUAGES) as Language[]).map((language) => [
      code(language),
      languageName.of(language.replace('_', '-')) ?? language,
    ]),
  );
