import { describe, expect, it } from 'vitest';
import { keyHash, type TrieEnd, trieRoot, verifyTriePath } from '../../src/index.ts';
import { codeOf, hex, sha256, unhex } from '../sha256.ts';
import { readVectors } from '../vector-files.ts';

type End = { kind: TrieEnd['kind']; value?: string; keyHash?: string; valueHash?: string };

function endOf({ kind, value = '', keyHash: key = '', valueHash = '' }: End): TrieEnd {
  if (kind === 'own') return { kind, value: unhex(value) };
  return kind === 'other' ? { kind, keyHash: unhex(key), valueHash: unhex(valueHash) } : { kind };
}

describe('conformance/vectors/proof/trie-path.json', () => {
  type Claim = { keyHash: string; siblings: (string | null)[]; end: End; root: string };
  it.each(readVectors<Claim>('trie-path.json').cases)('$name: $expect', async (entry) => {
    const siblings = entry.siblings.map((sibling) => (sibling === null ? null : unhex(sibling)));
    const path = { siblings, end: endOf(entry.end) };
    const check = () => verifyTriePath(sha256, unhex(entry.keyHash), path, unhex(entry.root));
    expect(await codeOf(check)).toBe(entry.expect);
  });
});

describe('conformance/vectors/proof/trie-root.json', () => {
  type Claim = { entries: { module: string; key: string; valueHash: string }[]; result: { root: string } };
  it.each(readVectors<Claim>('trie-root.json').cases)('$name', ({ entries, result }) => {
    const hashed = entries.map(
      ({ module, key, valueHash }) => [keyHash(sha256, module, key), unhex(valueHash)] as const,
    );
    expect(hex(trieRoot(sha256, hashed))).toBe(result.root);
  });
});
