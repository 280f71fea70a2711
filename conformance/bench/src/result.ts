/** What a benchmark measured. Rates are per CPU-second of the whole process, so a second core is no help. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  /** The same work done by others in the same run. */
  readonly peers: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}
