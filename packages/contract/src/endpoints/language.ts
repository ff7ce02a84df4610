import { marketplace, type Domain, type Language } from '../marketplaces.ts';
import { Problem } from './params.ts';

/**
 * The language asked for if the marketplace has it; the marketplace's first one when none was asked for.
 * With a wrong domain there is no list to check against: the domain's own problem is enough.
 */
export function marketplaceLanguage(
  domain: Domain,
  asked: Language | undefined,
  domainIsWrong: boolean,
): Language | Problem {
  const { languages } = marketplace(domain);
  if (asked === undefined || domainIsWrong) return languages[0];
  if (languages.includes(asked)) return asked;
  return new Problem(`language ${asked} is not one of the languages of amazon.${domain}: ${languages.join(', ')}`);
}
