/** Names as the clients' languages write them. Pure. */

export const pascal = (name: string): string =>
  name.replace(/(?:^|[_.-])([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** What Go writes in capitals, in the singular and the plural. */
const CAPITALS: Readonly<Record<string, string>> = {
  api: 'API',
  asin: 'ASIN',
  asins: 'ASINs',
  html: 'HTML',
  http: 'HTTP',
  id: 'ID',
  ids: 'IDs',
  ms: 'MS',
  rps: 'RPS',
  url: 'URL',
  urls: 'URLs',
};

/** `burst_rps` -> `BurstRPS`. */
export const goName = (name: string): string =>
  name
    .split('_')
    .map((part) => CAPITALS[part] ?? pascal(part))
    .join('');
