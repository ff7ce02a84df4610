/**
 * The months of a workspace: its allowance resets at the anniversaries of its beginning, in UTC. A month without that day uses its last
 * one (Jan 31, Feb 28 or 29, Mar 31). Times are milliseconds since the epoch.
 */

/** When the n-th month begins; the 0th begins with the workspace. */
export function anniversary(beganAt: number, n: number): number {
  const began = new Date(beganAt);
  const first = new Date(Date.UTC(began.getUTCFullYear(), began.getUTCMonth() + n, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(began.getUTCDate(), lastDay);
  const timeOfDay = ((beganAt % DAY_MS) + DAY_MS) % DAY_MS;
  return first.getTime() + (day - 1) * DAY_MS + timeOfDay;
}

/** The number of the month that a time is in; 0 for a time before the workspace began (a clock that was set back). */
export function periodAt(beganAt: number, now: number): number {
  const [began, at] = [new Date(beganAt), new Date(now)];
  const months = (at.getUTCFullYear() - began.getUTCFullYear()) * 12 + at.getUTCMonth() - began.getUTCMonth();
  return Math.max(0, anniversary(beganAt, months) <= now ? months : months - 1);
}

export const DAY_MS = 86_400_000;

/** When the next day or calendar month of UTC begins. */
export function nextPeriod(period: 'day' | 'month', at: number): number {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
}

/** The day in UTC, `YYYY-MM-DD`. */
export function dayOf(at: number): string {
  const number = Math.floor(at / DAY_MS);
  if (last.number !== number) last = { number, text: new Date(at).toISOString().slice(0, 10) };
  return last.text;
}

/** Each call is counted under its day, and nearly all of them under the same one. */
let last = { number: Number.NaN, text: '' };
