import type { Counter, Gauge, Registry } from 'prom-client';

/** One value of a metric, with its labels. */
export type Sample = readonly [value: number, labels: Readonly<Record<string, string>>];

interface Observed {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: () => number | readonly Sample[];
}

/** A metric that nobody counts: it is read whenever the metrics are asked for. */
export function observe(
  registry: Registry,
  Kind: typeof Gauge | typeof Counter,
  { name, help, labels = [], read }: Observed,
): void {
  const metric = new Kind<string>({
    name,
    help,
    labelNames: labels,
    registers: [],
    collect() {
      this.reset();
      const found = read();
      if (typeof found === 'number') this.inc(found);
      else for (const [value, of] of found) this.inc(of, value);
    },
  });
  registry.registerMetric<string>(metric);
}
