export interface CommitReport {
  /** Accepted operations of the block. */
  readonly operations: number;
  /** For signing and durable writing. */
  readonly milliseconds: number;
}

/** Told of every block that became durable. Execution never sees it. */
export interface CommitMeter {
  /** Milliseconds, of which only differences are taken. */
  now(): number;
  committed(report: CommitReport): void;
}
