import {
  type CoseReceipt,
  coseReceiptMessage,
  encodeCoseReceipt,
  hashLeaf,
  inclusionProof,
  nodesOf,
  treeRoot,
} from '@attestel/proof';
import { ed25519Key, hashOf, hex, malleated, p256Key, sha256, utf8, type VectorKey } from './keys.ts';
import { ORIGIN } from './network.ts';

const KEY_ID = utf8('did:example:operator#receipts');
const KEYS = { EdDSA: ed25519Key('receipts'), ES256: p256Key('receipts') } as const;
const SIZE = 11;
const LEAVES = Array.from({ length: SIZE }, (_, i) => utf8(`leaf ${i}`));
const HASHES = LEAVES.map((leaf) => hashLeaf(sha256, leaf));
const ROOT = treeRoot(sha256, HASHES);

type Changes = Partial<CoseReceipt> & { readonly root?: Uint8Array; readonly key?: VectorKey };

function receipt(
  algorithm: 'EdDSA' | 'ES256',
  index: number,
  { root = ROOT, key = KEYS[algorithm], ...changes }: Changes = {},
) {
  const signer = { algorithm, keyId: KEY_ID, origin: ORIGIN, ...changes };
  const path = inclusionProof(sha256, nodesOf(sha256, HASHES), index, SIZE);
  const signature = key.sign(coseReceiptMessage(signer, root));
  return { index, size: SIZE, path, signature, ...signer } satisfies CoseReceipt;
}
const encoded = (...of: Parameters<typeof receipt>): string => hex(encodeCoseReceipt(receipt(...of)));
const EDDSA = encoded('EdDSA', 4);
const trustIn = (algorithm: 'EdDSA' | 'ES256') => ({
  origin: ORIGIN,
  algorithm,
  keyId: hex(KEY_ID),
  publicKey: hex(KEYS[algorithm].publicKey),
});
const leafHex = (index: number): string => hex(LEAVES[index] as Uint8Array);
const right = { leaf: leafHex(4), trust: trustIn('EdDSA') };
const accepted = { expect: 'accepted', result: { root: hex(ROOT) } };
/** Replaces text that stands in the receipt once. */
function replaced(from: string, to: string): string {
  if (EDDSA.split(from).length !== 2) throw new Error(`vectors: ${from} must stand there once`);
  return EDDSA.replace(from, to);
}
const PATH_HEAD = '0b0484';
const PROOF = `588c83${PATH_HEAD}${receipt('EdDSA', 4)
  .path.map((hash) => `5820${hex(hash)}`)
  .join('')}`;

export const COSE_CASES = [
  { name: 'EdDSA', receipt: EDDSA, ...right, ...accepted },
  { name: 'ES256', receipt: encoded('ES256', 4), leaf: leafHex(4), trust: trustIn('ES256'), ...accepted },
  {
    name: 'first leaf',
    receipt: encoded('EdDSA', 0),
    leaf: leafHex(0),
    trust: trustIn('EdDSA'),
    ...accepted,
  },
  {
    name: 'last leaf',
    receipt: encoded('ES256', 10),
    leaf: leafHex(10),
    trust: trustIn('ES256'),
    ...accepted,
  },
  {
    name: 'last leaf in a place of the same turns: the place is not proven',
    receipt: encoded('ES256', 10, { index: 3, size: 4 }),
    leaf: leafHex(10),
    trust: trustIn('ES256'),
    ...accepted,
  },
  {
    name: 'another leaf',
    receipt: EDDSA,
    leaf: leafHex(5),
    trust: trustIn('EdDSA'),
    expect: 'cose_bad_signature',
  },
  {
    name: 'another place',
    receipt: encoded('EdDSA', 4, { index: 5 }),
    ...right,
    expect: 'cose_bad_signature',
  },
  {
    name: 'signature over another root',
    receipt: encoded('EdDSA', 4, { root: hashOf('other') }),
    ...right,
    expect: 'cose_bad_signature',
  },
  {
    name: 'signature by another key',
    receipt: encoded('EdDSA', 4, { key: ed25519Key('stranger') }),
    ...right,
    expect: 'cose_bad_signature',
  },
  {
    name: 'S + L',
    receipt: encoded('EdDSA', 4, { signature: malleated(receipt('EdDSA', 4).signature) }),
    ...right,
    expect: 'cose_bad_signature',
  },
  {
    name: 'ES256 with r = 0',
    receipt: encoded('ES256', 4, {
      signature: Uint8Array.from([...new Uint8Array(32), ...receipt('ES256', 4).signature.slice(32)]),
    }),
    leaf: leafHex(4),
    trust: trustIn('ES256'),
    expect: 'cose_bad_signature',
  },
  {
    name: 'another ledger',
    receipt: encoded('EdDSA', 4, { origin: 'other.example/ledger' }),
    ...right,
    expect: 'checkpoint_wrong_origin',
  },
  {
    name: 'another algorithm than the key is for',
    receipt: encoded('ES256', 4),
    ...right,
    expect: 'cose_wrong_key',
  },
  {
    name: 'another key id',
    receipt: encoded('EdDSA', 4, { keyId: utf8('did:example:other#receipts') }),
    ...right,
    expect: 'cose_wrong_key',
  },
  {
    name: 'a hash too few',
    receipt: encoded('EdDSA', 4, { path: receipt('EdDSA', 4).path.slice(1) }),
    ...right,
    expect: 'path_truncated',
  },
  {
    name: 'a hash too many',
    receipt: encoded('EdDSA', 4, { path: [...receipt('EdDSA', 4).path, ROOT] }),
    ...right,
    expect: 'path_excess',
  },
  { name: 'cut short', receipt: EDDSA.slice(0, -2), ...right, expect: 'cose_malformed' },
  { name: 'a byte more', receipt: `${EDDSA}00`, ...right, expect: 'cose_malformed' },
  { name: 'empty', receipt: '', ...right, expect: 'cose_malformed' },
  { name: 'without its tag', receipt: EDDSA.slice(2), ...right, expect: 'cose_malformed' },
  { name: 'tag in a longer form', receipt: `d812${EDDSA.slice(2)}`, ...right, expect: 'cose_malformed' },
  {
    name: 'an attached payload',
    receipt: replaced('f65840', `5820${hex(ROOT)}5840`),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'an unknown algorithm',
    receipt: replaced('a4012704', 'a4012504'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'another verifiable data structure',
    receipt: replaced('19018b01', '19018b02'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'a consistency proof',
    receipt: replaced('a119018ca120', 'a119018ca121'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'an index as large as the size',
    receipt: replaced(PATH_HEAD, '0b0b84'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'a size in a longer form',
    receipt: replaced(PATH_HEAD, '180b0484'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'a size of indefinite length',
    receipt: replaced(PATH_HEAD, '1f0484'),
    ...right,
    expect: 'cose_malformed',
  },
  {
    name: 'a path of indefinite length',
    receipt: replaced(PATH_HEAD, '0b049f'),
    ...right,
    expect: 'cose_malformed',
  },
  { name: 'an empty path', receipt: replaced(PROOF, '44830b0480'), ...right, expect: 'cose_malformed' },
];
