import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  cosignaturesOf,
  createPolicy,
  createVerifierKey,
  formatLedgerBody,
  formatVerifierKey,
  type MlDsaVerify,
  mlDsaCosignedMessage,
  parseMlDsaCosignature,
  parsePolicy,
  parseVerifierKey,
  verifyCosignedBody,
  verifyMlDsaCosignature,
} from '../../src/index.ts';
import { ed25519Key, nodeCrypto } from '../node-crypto.ts';
import { codeOf, hashOf, hex, sha256, utf8 } from '../sha256.ts';

const NAME = 'pq.example/witness';
const ORIGIN = 'ledger.example';
const root = hashOf('root');
const body = formatLedgerBody({ origin: ORIGIN, size: 300, root, state: hashOf('state') });
const publicKey = new Uint8Array(1312).fill(5);
const key = createVerifierKey(sha256, { name: NAME, type: 'ml-dsa-44', publicKey });
const line = {
  name: NAME,
  keyId: key.keyId,
  signature: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, ...new Uint8Array(2420)),
};

describe('ML-DSA-44 cosignatures (C2SP tlog-cosignature)', () => {
  it('sign a TLS-style structure of cosigner, time, origin, start, end and root', () => {
    const message = mlDsaCosignedMessage(NAME, body, 9);
    const u64 = (value: number): string => value.toString(16).padStart(16, '0');
    const opaque = (text: string): string => text.length.toString(16).padStart(2, '0') + hex(utf8(text));
    expect(hex(message)).toBe(
      hex(utf8('subtree/v1\n\0')) + opaque(NAME) + u64(9) + opaque(ORIGIN) + u64(0) + u64(300) + hex(root),
    );
  });

  it('say nothing about the state: two bodies that differ there have one message', () => {
    const other = formatLedgerBody({ origin: ORIGIN, size: 300, root, state: hashOf('other') });
    expect(mlDsaCosignedMessage(NAME, other, 9)).toEqual(mlDsaCosignedMessage(NAME, body, 9));
  });

  it('yield the log without a state root', async () => {
    const seen: Uint8Array[] = [];
    const yes: MlDsaVerify = (...all) => seen.push(...all) > 0;
    const head = await verifyMlDsaCosignature(key, body, parseMlDsaCosignature(line), yes);
    expect(head).toEqual({ origin: ORIGIN, size: 300, root, time: 9 });
    expect(seen).toEqual([publicKey, mlDsaCosignedMessage(NAME, body, 9), new Uint8Array(2420)]);
  });

  it('are refused when the port does not say yes', async () => {
    const check = (port: MlDsaVerify) =>
      codeOf(() => verifyMlDsaCosignature(key, body, parseMlDsaCosignature(line), port));
    expect(await check(() => false)).toBe('cosignature_invalid');
    expect(await check(async () => false)).toBe('cosignature_invalid');
    expect(await check(async () => true)).toBe('accepted');
  });

  it('never count in a quorum: no policy takes the key, and a note full of them meets none', async () => {
    const text = `# origin: ${ORIGIN}\nwitness pq ${formatVerifierKey(key)}\nquorum pq\n`;
    expect(await codeOf(() => parsePolicy(text, sha256))).toBe('policy_malformed');
    const witness = { name: 'w', keyName: NAME, publicKey: ed25519Key('w').publicKey };
    const policy = createPolicy(
      { origin: ORIGIN, logs: [], witnesses: [witness], groups: [], quorum: 'w' },
      sha256,
    );
    expect(cosignaturesOf(policy, [line])).toEqual([]);
    expect(await codeOf(() => verifyCosignedBody(policy, body, [], nodeCrypto))).toBe('quorum_not_met');
  });

  it('are malformed at another length, with a time beyond 2^53 − 1, over an origin of 256 bytes', async () => {
    const parse = (signature: Uint8Array) => codeOf(() => parseMlDsaCosignature({ ...line, signature }));
    expect(await parse(line.signature.slice(1))).toBe('cosignature_malformed');
    expect(await parse(Uint8Array.of(0, 32, ...line.signature.slice(2)))).toBe('cosignature_malformed');
    const long = formatLedgerBody({ origin: 'o'.repeat(256), size: 1, root, state: root });
    expect(await codeOf(() => mlDsaCosignedMessage(NAME, long, 0))).toBe('checkpoint_malformed');
  });

  it('need a key of their type', async () => {
    const ed25519 = createVerifierKey(sha256, { name: NAME, type: 'cosignature', publicKey: root });
    await expect(
      verifyMlDsaCosignature(ed25519, body, parseMlDsaCosignature(line), () => true),
    ).rejects.toThrow(TypeError);
  });

  it('have keys that are written and read', () => {
    expect(parseVerifierKey(formatVerifierKey(key), sha256)).toEqual(key);
  });
});

/** Node 24 has it with OpenSSL 3.5; the types of Node 22 do not know the name. */
const pair = (() => {
  try {
    return generateKeyPairSync('ml-dsa-44' as 'ed25519');
  } catch {
    return undefined;
  }
})();

describe.skipIf(!pair)('ML-DSA-44 of node:crypto', () => {
  it('verifies what it signed, and not at another time', async () => {
    if (!pair) throw new Error('no ML-DSA here');
    const SPKI_HEADER_BYTES = 22;
    const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
    const real = createVerifierKey(sha256, {
      name: NAME,
      type: 'ml-dsa-44',
      publicKey: new Uint8Array(spki.subarray(SPKI_HEADER_BYTES)),
    });
    const port: MlDsaVerify = (raw, message, signature) => {
      const der = Buffer.concat([spki.subarray(0, SPKI_HEADER_BYTES), raw]);
      return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
    };
    const signature = new Uint8Array(sign(null, mlDsaCosignedMessage(NAME, body, 9), pair.privateKey));
    const cosignature = { mlDsa44: true, keyId: real.keyId, time: 9, signature } as const;
    expect(await verifyMlDsaCosignature(real, body, cosignature, port)).toMatchObject({ size: 300 });
    const later = { ...cosignature, time: 10 };
    expect(await codeOf(() => verifyMlDsaCosignature(real, body, later, port))).toBe('cosignature_invalid');
  });
});
