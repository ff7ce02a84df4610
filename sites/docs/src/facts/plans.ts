import { BURST_SECONDS, CREDITS_PER_UNIT, PLAN_NAMES, planRow, TOP_UP } from '@asa/contract';
import { code, table } from './table.ts';

const count = (value: number): string => value.toLocaleString('en');
const money = (usd: number): string =>
  `$${usd.toLocaleString('en', { minimumFractionDigits: Number.isInteger(usd) ? 0 : 2 })}`;
const range = ([from, to]: readonly [number, number], unit = ''): string => `${count(from)}-${count(to)}+${unit}`;

export const plansTable = (): string =>
  table(
    ['Plan', 'A month', 'Price', 'In flight per key', 'Rate per key', 'Burst', 'Exit country'],
    PLAN_NAMES.map((name) => {
      const { allowance, price, concurrency, rps, burst_rps, exitCountryOfChoice, agreed } = planRow(name);
      return [
        code(name),
        agreed === null
          ? `${count(allowance.requests)} requests<br>(${count(allowance.credits)} credits)`
          : `${range(agreed.requests)} requests, agreed`,
        price.usd_from === price.usd_to ? money(price.usd_from) : `${money(price.usd_from)}-${money(price.usd_to)}`,
        agreed === null ? count(concurrency) : range(agreed.concurrency),
        agreed === null ? `${rps} a second` : `${agreed.rps[0]}-${agreed.rps[1]} a second`,
        agreed === null ? `${burst_rps} a second for ${BURST_SECONDS} s` : `twice the rate for ${BURST_SECONDS} s`,
        exitCountryOfChoice ? 'yours' : 'not chosen',
      ];
    }),
  );

export const priceLine = (): string =>
  table(
    ['What', 'Credits'],
    [
      ['One product', String(CREDITS_PER_UNIT)],
      ['One page of search results', String(CREDITS_PER_UNIT)],
      ['Any answer that is not 2xx', '0'],
      ['Anything with a test key', '0'],
      [`Top-up: ${count(TOP_UP.requests)} requests for ${money(TOP_UP.usd)}`, `+${count(TOP_UP.credits)}`],
    ],
  );
