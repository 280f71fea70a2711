import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFrontier, emptyRoot, hashLeaf, type Sha256, treeRoot } from '../src/index.ts';

const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// The reference leaves and roots of Certificate Transparency (RFC 6962 §2.1).
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => new Uint8Array(Buffer.from(text, 'hex')));
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('RFC 6962 §2.1 Merkle tree hash', () => {
  it('gives the SHA-256 of nothing for the empty tree', () => {
    const expected = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(hex(emptyRoot(sha256))).toBe(expected);
    expect(hex(createFrontier(sha256).root())).toBe(expected);
    expect(hex(treeRoot(sha256, []))).toBe(expected);
  });

  it.each(ROOTS.map((root, i) => [i + 1, root] as const))(
    'gives the known root of %i leaves',
    (size, root) => {
      const frontier = createFrontier(sha256);
      for (const leaf of LEAVES.slice(0, size)) frontier.append(leaf);
      expect(hex(frontier.root())).toBe(root);
      expect(
        hex(
          treeRoot(
            sha256,
            LEAVES.slice(0, size).map((leaf) => hashLeaf(sha256, leaf)),
          ),
        ),
      ).toBe(root);
    },
  );
});
