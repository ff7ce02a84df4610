import { LANGUAGES, type Language } from '@asa/contract';

/** One browser, told coherently: every header agrees with the user agent. */
export interface Identity {
  readonly name: string;
  /** Which of the browsers that a transport can be below HTTP is this one; null: none. */
  readonly fingerprint: string | null;
  /**
   * Headers of a page opened from the address bar, in the order in which that browser sends them; an empty `cookie` holds the
   * place where it sends its cookies, when that is not the end.
   */
  readonly headers: (language: Language) => Readonly<Record<string, string>>;
}

/** Versions that are a few months old are the most common on the web. One place to raise them. */
const CHROMIUM_VERSION = 151;
const FIREFOX_VERSION = 150;
/** The newest Firefox that impit can be. */
const IMPIT_FIREFOX_VERSION = 144;
const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

const PLATFORMS = {
  windows: { userAgent: 'Windows NT 10.0; Win64; x64', hint: '"Windows"' },
  mac: { userAgent: 'Macintosh; Intel Mac OS X 10_15_7', hint: '"macOS"' },
} as const;

/** The browsers that a session may be. */
export const IDENTITIES: readonly [Identity, ...Identity[]] = [
  chromium('chrome-windows', 'Google Chrome', 'windows', ''),
  chromium('chrome-mac', 'Google Chrome', 'mac', ''),
  chromium('edge-windows', 'Microsoft Edge', 'windows', ` Edg/${CHROMIUM_VERSION}.0.0.0`),
  firefox('firefox-windows', 'windows', FIREFOX_VERSION, null),
  firefox('firefox-windows-impit', 'windows', IMPIT_FIREFOX_VERSION, `firefox${IMPIT_FIREFOX_VERSION}`),
];

/** The browsers that a session over a transport may be: those it can be below HTTP too, or all when it can be none. Pure. */
export function identitiesFor(fingerprints: readonly string[] | undefined): readonly [Identity, ...Identity[]] {
  const [first, ...others] = IDENTITIES.filter(
    ({ fingerprint }) => fingerprint !== null && fingerprints?.includes(fingerprint),
  );
  return first === undefined ? IDENTITIES : [first, ...others];
}

/** `Accept-Language` of a browser set to this language, with English after it as browsers are delivered. Pure. */
export function acceptLanguage(language: Language): string {
  const { tag } = LANGUAGES[language];
  const [primary = tag] = tag.split('-');
  return primary === 'en' ? `${tag},en;q=0.9` : `${tag},${primary};q=0.9,en-US;q=0.8,en;q=0.7`;
}

function chromium(name: string, brand: string, platform: keyof typeof PLATFORMS, suffix: string): Identity {
  const { userAgent, hint } = PLATFORMS[platform];
  return {
    name,
    fingerprint: `chrome${CHROMIUM_VERSION}`,
    headers: (language) => ({
      'sec-ch-ua': brandList(CHROMIUM_VERSION, brand),
      'sec-ch-ua-mobile': '?0',
      'sec-ch-ua-platform': hint,
      'upgrade-insecure-requests': '1',
      'user-agent': `Mozilla/5.0 (${userAgent}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${CHROMIUM_VERSION}.0.0.0 Safari/537.36${suffix}`,
      accept:
        'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-user': '?1',
      'sec-fetch-dest': 'document',
      'accept-encoding': ACCEPT_ENCODING,
      'accept-language': acceptLanguage(language),
    }),
  };
}

function firefox(name: string, platform: keyof typeof PLATFORMS, major: number, fingerprint: string | null): Identity {
  const version = `${major}.0`;
  return {
    name,
    fingerprint,
    headers: (language) => ({
      'user-agent': `Mozilla/5.0 (${PLATFORMS[platform].userAgent}; rv:${version}) Gecko/20100101 Firefox/${version}`,
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'accept-language': acceptLanguage(language),
      'accept-encoding': ACCEPT_ENCODING,
      cookie: '',
      'upgrade-insecure-requests': '1',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'none',
      'sec-fetch-user': '?1',
    }),
  };
}

/**
 * `sec-ch-ua` of a Chromium version. Each version shuffles its brands and makes up one that does not exist, by a fixed rule;
 * a list that does not fit its version gives a client away. Source: `user_agent_utils.cc` of Chromium.
 */
function brandList(version: number, brand: string): string {
  const marks = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
  const versions = ['8', '99', '24'];
  const orders = ['012', '021', '102', '120', '201', '210'];
  const at = (list: readonly string[], seed: number): string => list[seed % list.length] ?? '';
  const made = `Not${at(marks, version)}A${at(marks, version + 1)}Brand`;
  const entries = [`"${made}";v="${at(versions, version)}"`, `"Chromium";v="${version}"`, `"${brand}";v="${version}"`];
  const places = Array.from(at(orders, version), Number);
  return entries
    .map((entry, i) => ({ entry, place: places[i] ?? i }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry)
    .join(', ');
}
