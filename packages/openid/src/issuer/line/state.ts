/**
 * One line (a subscription at one operator) and the person on it. Pure data: the machine in
 * `decide.ts` is the only writer. specs/line-and-person.md is its description in words.
 */
export type LinePhase =
  | 'ordered' // contract made, not in service yet
  | 'active'
  | 'suspended'
  | 'vacant' // the person died; the contract waits for heirs or its end
  | 'terminated' // number in quarantine
  | 'ported-out' // another operator serves the number and keeps the handle
  | 'released'; // quarantine over, number given to a new subscription

export type SuspensionReason = 'customer' | 'operator' | 'loss' | 'dispute';

/** A wallet key the line is bound to, named by its RFC 7638 thumbprint. */
export interface Binding {
  /** Never reused on this line: copies carry it, so a dropped binding stays dropped. */
  readonly no: number;
  /** null where the key was bound at the operator the line was ported from. */
  readonly key: string | null;
  /** Unix seconds of the last change of keys that the old key did not approve. */
  readonly at: number;
}

/** A re-binding made without the old key, in its waiting time. */
export interface PendingBinding extends Binding {
  readonly until: number;
}

export interface LineState {
  readonly phase: LinePhase;
  /** Opaque id of this person on this line: 32 random bytes, base64url. null where there is no person. */
  readonly handle: string | null;
  /** Handles of earlier persons on this line; none may come back. */
  readonly endedHandles: readonly string[];
  /** Counts the persons on the line. */
  readonly person: number;
  readonly personSince: number | null;
  /** Counts SIM changes. */
  readonly sim: number;
  readonly simChangedAt: number | null;
  /** Last binding number given out. */
  readonly lastBinding: number;
  readonly binding: Binding | null;
  readonly pending: PendingBinding | null;
  /** Counts re-issues; copies made before `reissueFloor` are set aside. */
  readonly reissue: number;
  readonly reissueFloor: number;
  readonly suspension: SuspensionReason | null;
  /** The contract is a company's; the person is its user. */
  readonly corporate: boolean;
  readonly quarantineUntil: number | null;
  /** Time of the last change; event times never run behind it. */
  readonly changedAt: number;
}

/** Delays of the machine, in seconds. */
export interface LinePolicy {
  /** Waiting time of a re-binding without the old key. */
  readonly rebindDelaySeconds: number;
  /** How long a terminated number rests before it may be given to someone else. */
  readonly quarantineSeconds: number;
}

export const DEFAULT_LINE_POLICY: LinePolicy = {
  rebindDelaySeconds: 72 * 3600,
  quarantineSeconds: 90 * 86_400,
};

/** A contract without service: every line starts here. */
export const orderedLine = (at: number, corporate = false): LineState => ({
  phase: 'ordered',
  handle: null,
  endedHandles: [],
  person: 0,
  personSince: null,
  sim: 0,
  simChangedAt: null,
  lastBinding: 0,
  binding: null,
  pending: null,
  reissue: 0,
  reissueFloor: 0,
  suspension: null,
  corporate,
  quarantineUntil: null,
  changedAt: at,
});
