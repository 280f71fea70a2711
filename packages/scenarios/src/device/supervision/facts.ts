/** Half-open, unix seconds. */
export interface Interval {
  readonly from: number;
  /** Null: still so. */
  readonly until: number | null;
}

/** By what a board is cut. */
export const DIMENSIONS = ['province', 'city', 'type', 'vendor', 'batch'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface DeviceFact extends Readonly<Record<Dimension, string>> {
  readonly id: string;
  readonly inService: readonly Interval[];
}

export interface InspectionFact {
  readonly device: string;
  readonly time: number;
  readonly accepted: boolean;
  readonly flags: readonly string[];
}

/** How many inspections of a device the plan in force wants in a period. */
export interface PlanFact {
  readonly device: string;
  readonly visits: number;
}

export interface FaultFact {
  readonly device: string;
  readonly opened: number;
  readonly closed: number | null;
  /** Seconds from opening in which it had to be closed. */
  readonly within: number;
}

/** What the ledger-backed records say; nothing else goes into a board. */
export interface Facts {
  readonly devices: readonly DeviceFact[];
  readonly inspections: readonly InspectionFact[];
  readonly plan: readonly PlanFact[];
  readonly faults: readonly FaultFact[];
}
