import { readFileSync } from 'node:fs';

export interface VectorCase {
  readonly name: string;
  /** `accepted`, or the code of the ProofError. */
  readonly expect: string;
  readonly result?: object;
}

/** A file of conformance/vectors/proof. */
export function readVectors<Case, Shared = object>(name: string): { cases: (VectorCase & Case)[] } & Shared {
  const url = new URL(`../../../conformance/vectors/proof/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as { cases: (VectorCase & Case)[] } & Shared;
}
