import { treeRoot } from '../../src/index.ts';
import { sha256 } from '../sha256.ts';

/** The recursive definitions of RFC 6962 §2.1 over `D[from:to]` of one list of leaf hashes. */
export function naiveProofs(leafHashes: readonly Uint8Array[]) {
  const roots = new Map<string, Uint8Array>();
  const root = (from: number, to: number): Uint8Array => {
    const known = roots.get(`${from} ${to}`) ?? treeRoot(sha256, leafHashes.slice(from, to));
    roots.set(`${from} ${to}`, known);
    return known;
  };
  /** PATH(m, D[n]) (§2.1.1). */
  const path = (m: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const k = split(to - from);
    return m < k
      ? [...path(m, from, from + k), root(from + k, to)]
      : [...path(m - k, from + k, to), root(from, from + k)];
  };
  /** SUBPROOF(m, D[n], b) (§2.1.2). */
  const subproof = (m: number, from: number, to: number, whole: boolean): Uint8Array[] => {
    if (m === to - from) return whole ? [] : [root(from, to)];
    const k = split(to - from);
    return m <= k
      ? [...subproof(m, from, from + k, whole), root(from + k, to)]
      : [...subproof(m - k, from + k, to, false), root(from, from + k)];
  };
  return {
    root: (size: number) => root(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (from: number, to: number) => subproof(from, 0, to, true),
  };
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
