/** Key of a log: its name is the ledger's origin. Signs for C2SP clients; receipts do not count it. */
export interface LogKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly url?: string;
}

/** A node that executes the ledger and cosigns what came out. */
export interface Witness {
  /** Name inside the policy; groups and quorum refer to it. */
  readonly name: string;
  /** Name of the key in notes. */
  readonly keyName: string;
  readonly keyId: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly url?: string;
}

/** Holds when at least `threshold` of its members (witnesses or earlier groups) hold. */
export interface WitnessGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Whose cosignatures make a checkpoint of one ledger count (C2SP tlog-policy). */
export interface Policy {
  /** The one ledger this policy is about. */
  readonly origin: string;
  readonly logs: readonly LogKey[];
  readonly witnesses: readonly Witness[];
  readonly groups: readonly WitnessGroup[];
  /** Name of a witness or a group. */
  readonly quorum: string;
}
