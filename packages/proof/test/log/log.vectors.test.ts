import { describe, expect, it } from 'vitest';
import { verifyConsistency, verifyInclusion } from '../../src/index.ts';
import { codeOf, sha256, unhex } from '../sha256.ts';
import { readVectors } from '../vector-files.ts';

describe('conformance/vectors/proof/inclusion.json', () => {
  type Claim = { leafHash: string; index: number; size: number; path: string[]; root: string };
  it.each(readVectors<Claim>('inclusion.json').cases)('$name: $expect', async (entry) => {
    const claim = {
      leafHash: unhex(entry.leafHash),
      index: entry.index,
      size: entry.size,
      path: entry.path.map(unhex),
      root: unhex(entry.root),
    };
    expect(await codeOf(() => verifyInclusion(sha256, claim))).toBe(entry.expect);
  });
});

describe('conformance/vectors/proof/consistency.json', () => {
  type Claim = { from: number; to: number; fromRoot: string; toRoot: string; path: string[] };
  it.each(readVectors<Claim>('consistency.json').cases)('$name: $expect', async (entry) => {
    const claim = {
      from: entry.from,
      to: entry.to,
      fromRoot: unhex(entry.fromRoot),
      toRoot: unhex(entry.toRoot),
      path: entry.path.map(unhex),
    };
    expect(await codeOf(() => verifyConsistency(sha256, claim))).toBe(entry.expect);
  });
});
