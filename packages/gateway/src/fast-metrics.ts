import type { Metric, Registry } from 'prom-client';

/**
 * Metrics of what happens on every request: a count, or a place in an array, instead of a look-up by labels. The text that they give at a scrape is
 * that of the library's own counters and histograms (a test holds them against those).
 */
interface Value {
  readonly metricName?: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

function register(registry: Registry, name: string, help: string, type: string, values: () => Value[]): void {
  const aggregator = 'sum';
  const metric = {
    name,
    help,
    type,
    aggregator,
    get: () => Promise.resolve({ name, help, type, aggregator, values: values() }),
  };
  // The registry asks nothing else of a metric than its name and its values.
  registry.registerMetric(metric as unknown as Metric);
}

/** Counts by labels; answers the function that adds one. The label values must be few, and without a NUL. */
export function createTally(
  registry: Registry,
  { name, help, labels }: { readonly name: string; readonly help: string; readonly labels: readonly string[] },
): (...values: readonly string[]) => void {
  const counts = new Map<string, number>();
  register(registry, name, help, 'counter', () =>
    [...counts].map(([key, value]) => {
      const texts = key.split('\0');
      return { labels: Object.fromEntries(labels.map((label, i) => [label, texts[i] ?? ''])), value };
    }),
  );
  return (...values) => {
    const key = values.join('\0');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
}

interface Histogram {
  /** How many were at most as large as each bound, but larger than the one before; the last: larger than all. */
  readonly counts: Float64Array;
  sum: number;
}

/** A histogram with one label; answers the function that adds a value. */
export function createHistogram(
  registry: Registry,
  {
    name,
    help,
    label,
    bounds,
  }: { readonly name: string; readonly help: string; readonly label: string; readonly bounds: readonly number[] },
): (of: string, value: number) => void {
  const all = new Map<string, Histogram>();
  register(registry, name, help, 'histogram', () =>
    [...all].flatMap(([of, { counts, sum }]) => {
      let total = 0;
      const buckets = [...bounds, '+Inf'].map((le, i): Value => {
        total += counts[i] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, [label]: of }, value: total };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: { [label]: of }, value: sum },
        { metricName: `${name}_count`, labels: { [label]: of }, value: total },
      ];
    }),
  );
  return (of, value) => {
    let histogram = all.get(of);
    if (histogram === undefined) {
      histogram = { counts: new Float64Array(bounds.length + 1), sum: 0 };
      all.set(of, histogram);
    }
    let at = 0;
    while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
    histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
    histogram.sum += value;
  };
}
