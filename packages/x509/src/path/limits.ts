/** Bounds of one validation: whatever the input, the work ends. */
export interface PathLimits {
  /** Certificates in a path, without the anchor. */
  readonly depth: number;
  /** Intermediates and anchors looked at. */
  readonly pool: number;
  /** Signatures checked while a path is sought. */
  readonly signatures: number;
  /** Name constraints on a path, and comparisons of a name with one. */
  readonly nameConstraints: number;
  readonly nameComparisons: number;
  /** Nodes of the policy graph. */
  readonly policyNodes: number;
}

/** What the ledger's validators allow. */
export const LEDGER_LIMITS: PathLimits = {
  depth: 4,
  pool: 128,
  signatures: 12,
  nameConstraints: 512,
  nameComparisons: 32_768,
  policyNodes: 1024,
};
