import { type CborValue, encodeCbor, fromHex, toHex, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  buildOperation,
  decodeOperation,
  encodeOperation,
  MAX_OPERATION_BYTES,
  operationId,
} from '../../src/index.ts';
import { ed25519Signer, p256Signer } from '../fixtures/signers.ts';

const signer = ed25519Signer('ann');
const payload = {
  v: 1,
  network: 'test',
  ns: 'main',
  module: 'counter',
  kind: 'add',
  actor: 'did:ex:ann',
  sequence: 0,
  notAfter: 1_700_003_600,
  body: { amount: 1 },
} as const;
const signature = [signer.publicKey, new Uint8Array(64)] as const;
const wire = (
  fields: object,
  signatures: CborValue = [signature],
  attachment: CborValue = null,
): Uint8Array => encodeCbor([encodeCbor({ ...payload, ...fields } as CborValue), signatures, attachment]);
const without = (field: string): Uint8Array => {
  const rest: Record<string, CborValue> = { ...payload };
  delete rest[field];
  return encodeCbor([encodeCbor(rest), [signature], null]);
};

describe('operation bytes', () => {
  it('have one golden form: signed bytes and ids never change', async () => {
    const operation = await buildOperation(payload, [signer]);
    expect(toHex(operation.payloadBytes)).toBe(GOLDEN_PAYLOAD);
    expect(toHex(operation.id)).toBe(GOLDEN_ID);
    expect(toHex(operation.signatures[0]?.signature ?? new Uint8Array())).toBe(GOLDEN_SIGNATURE);
  });

  it('come back as they went, with two signatures and an attachment', async () => {
    const attachment = utf8('salted document');
    const operation = await buildOperation(payload, [signer, p256Signer('bob')], attachment);
    const decoded = decodeOperation(encodeOperation(operation));
    expect(decoded).toEqual(operation);
    expect(decoded.payload).toEqual(payload);
    expect(decoded.attachment).toEqual(attachment);
  });

  it('name an operation apart from its signatures and attachment', async () => {
    const one = await buildOperation(payload, [signer]);
    const two = await buildOperation(payload, [p256Signer('bob')], utf8('x'));
    expect(two.id).toEqual(one.id);
    expect(one.id).toEqual(operationId(one.payloadBytes));
  });
});

describe('decoding hostile bytes', () => {
  const cases: readonly (readonly [string, Uint8Array, string | undefined, string])[] = [
    ['nothing', new Uint8Array(), '', 'operation_invalid'],
    ['no CBOR', fromHex('ff'), '', 'operation_invalid'],
    ['trailing bytes', Uint8Array.from([...wire({}), 0]), '', 'operation_invalid'],
    ['a map', encodeCbor({}), '', 'operation_invalid'],
    ['two items', encodeCbor([encodeCbor(payload), [signature]]), '', 'operation_invalid'],
    ['a payload that is no bytes', encodeCbor([payload, [signature], null]), '/payload', 'operation_invalid'],
    [
      'a payload with unsorted keys',
      encodeCbor([fromHex('a26162016161 01'.replace(' ', '')), [signature], null]),
      '/payload',
      'operation_invalid',
    ],
    ['a payload list', encodeCbor([encodeCbor([]), [signature], null]), '/payload', 'operation_invalid'],
    ['an unknown field', wire({ extra: 1 }), '/payload', 'operation_invalid'],
    [
      'an own __proto__ field',
      encodeCbor([fromHex('a1695f5f70726f746f5f5ff6'), [signature], null]),
      '/payload',
      'operation_invalid',
    ],
    ['another version', wire({ v: 2 }), '/payload/v', 'operation_invalid'],
    ['no body', without('body'), '/payload/body', 'operation_invalid'],
    ['a body list', wire({ body: [] }), '/payload/body', 'operation_invalid'],
    ['an upper-case network', wire({ network: 'Test' }), '/payload/network', 'operation_invalid'],
    ['a long network', wire({ network: 'a'.repeat(33) }), '/payload/network', 'operation_invalid'],
    ['a numeric network', wire({ network: 1 }), '/payload/network', 'operation_invalid'],
    ['an empty namespace', wire({ ns: '' }), '/payload/ns', 'operation_invalid'],
    ['a module with NUL', wire({ module: 'a\0b' }), '/payload/module', 'operation_invalid'],
    ['no module', without('module'), '/payload/module', 'operation_invalid'],
    ['a kind with a space', wire({ kind: 'a b' }), '/payload/kind', 'operation_invalid'],
    ['an actor with a line break', wire({ actor: 'did:ex:a\n' }), '/payload/actor', 'operation_invalid'],
    ['a long actor', wire({ actor: 'a'.repeat(256) }), '/payload/actor', 'operation_invalid'],
    ['a negative notAfter', wire({ notAfter: -1 }), '/payload/notAfter', 'operation_invalid'],
    ['notAfter as text', wire({ notAfter: '1' }), '/payload/notAfter', 'operation_invalid'],
    ['neither previous nor sequence', without('sequence'), '/payload', 'operation_invalid'],
    ['both previous and sequence', wire({ previous: null }), '/payload', 'operation_invalid'],
    ['a negative sequence', wire({ sequence: -1 }), '/payload/sequence', 'operation_invalid'],
    ['no signatures', wire({}, []), '/signatures', 'signature_missing'],
    ['a signature map', wire({}, {}), '/signatures', 'operation_invalid'],
    ['17 signatures', wire({}, Array(17).fill(signature)), '/signatures', 'operation_invalid'],
    ['a key twice', wire({}, [signature, signature]), '/signatures/1', 'operation_invalid'],
    [
      'a signature of 63 bytes',
      wire({}, [[signer.publicKey, new Uint8Array(63)]]),
      '/signatures/0',
      'operation_invalid',
    ],
    [
      'a signature of 65 bytes',
      wire({}, [[signer.publicKey, new Uint8Array(65)]]),
      '/signatures/0',
      'operation_invalid',
    ],
    [
      'a key of another kind',
      wire({}, [[new Uint8Array(34), new Uint8Array(64)]]),
      '/signatures/0',
      'operation_invalid',
    ],
    ['a key as text', wire({}, [['z6Mk', new Uint8Array(64)]]), '/signatures/0', 'operation_invalid'],
    ['three items in a signature', wire({}, [[...signature, 1]]), '/signatures/0', 'operation_invalid'],
    ['an empty attachment', wire({}, [signature], new Uint8Array()), '/attachment', 'operation_invalid'],
    ['a text attachment', wire({}, [signature], 'x'), '/attachment', 'operation_invalid'],
    [
      'more bytes than allowed',
      wire({}, [signature], new Uint8Array(MAX_OPERATION_BYTES)),
      undefined,
      'operation_too_large',
    ],
  ];
  it.each(cases)('refuses %s and names the field', (_, bytes, field, code) => {
    expect(() => decodeOperation(bytes)).toThrow(expect.objectContaining({ name: 'AppError', code, field }));
  });

  it('refuses a previous that is neither null nor 32 bytes', () => {
    const { sequence: _, ...unordered } = payload;
    const build = (previous: CborValue) =>
      encodeCbor([encodeCbor({ ...unordered, previous }), [signature], null]);
    expect(decodeOperation(build(null)).payload.previous).toBeNull();
    expect(decodeOperation(build(new Uint8Array(32))).payload.previous).toHaveLength(32);
    for (const previous of [new Uint8Array(31), 0, 'x']) {
      expect(() => decodeOperation(build(previous))).toThrow(
        expect.objectContaining({ field: '/payload/previous' }),
      );
    }
  });

  it('never repeats the input in a message', () => {
    const secret = 'did:ex:+8613800000000';
    for (const bytes of [wire({ actor: `${secret}\n` }), wire({ [secret]: 1 }), wire({ network: secret })]) {
      expect(() => decodeOperation(bytes)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(secret) }),
      );
    }
  });

  it('survives any change of one byte: another operation or a refusal', async () => {
    const bytes = encodeOperation(await buildOperation(payload, [signer], utf8('attachment')));
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 128]) {
        const changed = bytes.map((byte, i) => (i === at ? byte ^ bit : byte));
        try {
          expect(toHex(encodeOperation(decodeOperation(changed)))).toBe(toHex(changed));
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError' });
        }
      }
    }
  }, 30_000);
});

describe('building', () => {
  it('refuses what a ledger would refuse', async () => {
    await expect(buildOperation(payload, [])).rejects.toMatchObject({ code: 'signature_missing' });
    await expect(buildOperation({ ...payload, network: 'X' }, [signer])).rejects.toMatchObject({
      code: 'operation_invalid',
      field: '/payload/network',
    });
    const large = buildOperation(payload, [signer], new Uint8Array(MAX_OPERATION_BYTES));
    await expect(large).rejects.toMatchObject({ code: 'operation_too_large', kind: 'too-large' });
    const float = { ...payload, body: { amount: 1.5 } };
    await expect(buildOperation(float, [signer])).rejects.toThrow(TypeError);
  });
});

const GOLDEN_PAYLOAD =
  'a9617601626e73646d61696e64626f6479a166616d6f756e7401646b696e6463616464656163746f726a6469643a65783a616e6e666d6f64756c6567636f756e746572676e6574776f726b6474657374686e6f7441667465721a6553ff106873657175656e636500';
const GOLDEN_ID = '476b2f146787a5ee4b619cb1e4b29ea52799c58c9ce3e30566df3fe8f47991a9';
const GOLDEN_SIGNATURE =
  'd591306b0223d403db4c47bbf8fbf15151122291d03a2a8bd33886f54996623c0cd09b7a21405e4ecd2d1a1c8cc6ba5b5446f898500f119cbc04aa1a77bdeb00';
