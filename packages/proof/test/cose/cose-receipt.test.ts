import { decode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureInput } from '../../src/cose/cose-receipt.ts';
import {
  type CoseReceipt,
  type CoseTrust,
  coseReceiptMessage,
  createFrontier,
  decodeCoseReceipt,
  encodeCoseReceipt,
  hashLeaf,
  inclusionProof,
  nodesOf,
  ProofError,
  verifyCoseReceipt,
} from '../../src/index.ts';
import { ed25519Key, nodeCrypto, verifyP256 } from '../node-crypto.ts';
import { codeOf, flipped, hashOf, hex, sha256, unhex, utf8 } from '../sha256.ts';

const key = ed25519Key('operator');
const signer = { algorithm: 'EdDSA', keyId: utf8('did:example:a#k'), origin: 'ledger.example' } as const;
const trust: CoseTrust = {
  ...signer,
  verify: (message, signature) => nodeCrypto.verifyEd25519(key.publicKey, message, signature),
};
const leaves = Array.from({ length: 20 }, (_, i) => utf8(`leaf ${i}`));
const hashes = leaves.map((leaf) => hashLeaf(sha256, leaf));
const frontier = createFrontier(sha256);
for (const leaf of leaves) frontier.append(leaf);

const receiptOf = (index: number): CoseReceipt => ({
  ...signer,
  index,
  size: leaves.length,
  path: inclusionProof(sha256, nodesOf(sha256, hashes), index, leaves.length),
  signature: key.sign(coseReceiptMessage(signer, frontier.root())),
});
const receipt = receiptOf(17);
const bytes = encodeCoseReceipt(receipt);
const leaf = utf8('leaf 17');

describe('COSE receipt (RFC 9942 §5.2)', () => {
  it('is the structure of the RFC: tagged COSE_Sign1, detached payload, proof in header 396', () => {
    const [protectedHeader, unprotected, payload, signature] = decode(bytes, {
      useMaps: true,
      tags: { 18: (inner: () => unknown) => inner() },
    } as object) as [Uint8Array, Map<number, Map<number, Uint8Array[]>>, null, Uint8Array];
    expect(decode(protectedHeader, { useMaps: true })).toEqual(
      new Map<number, unknown>([
        [1, -8],
        [4, signer.keyId],
        [15, new Map([[1, 'ledger.example']])],
        [395, 1],
      ]),
    );
    const proof = unprotected.get(396)?.get(-1)?.[0];
    expect(proof && decode(proof)).toEqual([20, 17, receipt.path]);
    expect([payload, signature]).toEqual([null, receipt.signature]);
  });

  it('signs what RFC 9052 §4.4 says: its ES256 example (appendix C.2.1) verifies', () => {
    const publicKey = unhex('02bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff');
    const signature = unhex(
      '8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36',
    );
    const message = signatureInput(unhex('a10126'), utf8('This is the content.'));
    expect(verifyP256(publicKey, message, signature)).toBe(true);
  });

  it('leads every leaf to the root of the log', async () => {
    for (const [index, content] of leaves.entries()) {
      const verified = await verifyCoseReceipt(encodeCoseReceipt(receiptOf(index)), content, trust, sha256);
      expect(verified).toEqual({ origin: 'ledger.example', root: frontier.root() });
    }
  });

  it('proves no place: one of the same turns passes, so none is in the answer', async () => {
    const last = receiptOf(19);
    expect(last.path).toHaveLength(3);
    const moved = encodeCoseReceipt({ ...last, index: 7, size: 8 });
    const verified = await verifyCoseReceipt(moved, utf8('leaf 19'), trust, sha256);
    expect(verified).toEqual({ origin: 'ledger.example', root: frontier.root() });
  });

  it('is read as it was written', () => {
    expect(decodeCoseReceipt(bytes)).toEqual(receipt);
  });

  it.each<[string, Partial<CoseReceipt>]>([
    ['an index as large as the size', { index: 20 }],
    ['no path, as a log of one leaf would have', { path: [] }],
    ['64 hashes', { path: Array.from({ length: 64 }, () => hashOf('x')) }],
    ['a hash of 31 bytes', { path: [new Uint8Array(31)] }],
    ['no key id', { keyId: new Uint8Array() }],
    ['a key id of 256 bytes', { keyId: new Uint8Array(256) }],
    ['an origin with a space', { origin: 'a b' }],
    ['a signature of 63 bytes', { signature: new Uint8Array(63) }],
  ])('is not written with %s', (_, change) => {
    expect(() => encodeCoseReceipt({ ...receipt, ...change })).toThrow(TypeError);
  });

  it('is refused for every turned bit, whatever it says then', async () => {
    for (let at = 0; at < bytes.length; at++) {
      const code = await codeOf(() => verifyCoseReceipt(flipped(bytes, at, at % 8), leaf, trust, sha256));
      expect(code, `byte ${at}`).not.toBe('accepted');
    }
  });

  it('is refused at every length that is not its own', async () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(await codeOf(() => decodeCoseReceipt(bytes.slice(0, length)))).toBe('cose_malformed');
    }
    expect(await codeOf(() => decodeCoseReceipt(new Uint8Array(8193)))).toBe('cose_malformed');
  });

  it('is refused unless the port says yes, now or later', async () => {
    const answering = (verify: CoseTrust['verify']) =>
      codeOf(() => verifyCoseReceipt(bytes, leaf, { ...trust, verify }, sha256));
    expect(await answering(async () => true)).toBe('accepted');
    expect(await answering(async () => false)).toBe('cose_bad_signature');
    expect(await answering(() => 'yes' as unknown as boolean)).toBe('cose_bad_signature');
  });

  it('of anyone is one spelling or a ProofError', () => {
    const damage = fc.tuple(fc.nat(bytes.length), fc.nat(3), fc.uint8Array({ maxLength: 3 }));
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      damage.map(([at, drop, put]) =>
        Uint8Array.of(...bytes.slice(0, at), ...put, ...bytes.slice(at + drop)),
      ),
    );
    fc.assert(
      fc.property(input, (data) => {
        try {
          expect(hex(encodeCoseReceipt(decodeCoseReceipt(data)))).toBe(hex(data));
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
