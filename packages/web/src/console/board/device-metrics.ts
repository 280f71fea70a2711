/** Answer of `device.item` `metrics`: shares are decimal texts with four places, null where nothing was to divide by. */
export interface Metrics {
  readonly coverage: string | null;
  readonly frequency: string | null;
  readonly quality: string | null;
  readonly faultRate: string | null;
  readonly faults: number;
  readonly handlingHours: string | null;
  readonly withinSla: string | null;
}

export type MetricName = keyof Metrics;

/** In the order of the board. */
export const METRICS = [
  'coverage',
  'frequency',
  'quality',
  'faultRate',
  'faults',
  'handlingHours',
  'withinSla',
] as const satisfies readonly MetricName[];

/** Shares are of one, or may pass it; the rest are amounts. */
export const SHARES: readonly MetricName[] = ['coverage', 'frequency', 'quality', 'withinSla'];

export const DIMENSIONS = ['province', 'city', 'type', 'vendor', 'batch'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Bar {
  readonly label: string;
  /** Null: no value. */
  readonly value: number | null;
}

export type Groups = { readonly [group: string]: Metrics };

/** Boards of several channels as one; a group that two of them have is told apart by the channel. */
export function joined(boards: readonly (readonly [channel: string, groups: Groups])[]): Groups {
  const counts = new Map<string, number>();
  for (const [, groups] of boards)
    for (const name of Object.keys(groups)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const entries = boards.flatMap(([channel, groups]) =>
    Object.entries(groups).map(
      ([name, metrics]) => [counts.get(name) === 1 ? name : `${name} (${channel})`, metrics] as const,
    ),
  );
  return Object.fromEntries(entries);
}

/** One chart of the board: a bar for each group, in the order of their names. */
export const barsOf = (groups: Groups, metric: MetricName): readonly Bar[] =>
  Object.entries(groups)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, metrics]) => {
      const value = metrics[metric];
      return { label, value: value === null ? null : Number(value) };
    });

/** Months back from the one of that time, newest first, as `YYYY-MM` of UTC. */
export function monthsBack(seconds: number, count: number): readonly string[] {
  const now = new Date(seconds * 1000);
  return Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 1)).toISOString().slice(0, 7),
  );
}
