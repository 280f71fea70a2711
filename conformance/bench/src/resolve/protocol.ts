/** Path of the HTTP binding (DID Resolution v1 §12.1) up to the DID. */
export const IDENTIFIERS = '/1.0/identifiers/';

/** What the resolving node tells once it listens. */
export interface ResolverReady {
  /** DIDs with 40 statements. */
  readonly full: readonly string[];
}
