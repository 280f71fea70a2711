import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromHex, toHex, utf8, verifyEd25519 } from '../src/index.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const KEY = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
const MESSAGE = utf8('attestel');
const SIGNATURE = new Uint8Array(sign(null, MESSAGE, privateKey));
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same signature with S + L: a second encoding that lax verifiers take. */
function malleated(): Uint8Array {
  const s = SIGNATURE.slice(32).reverse();
  const higher = (BigInt(`0x${toHex(s)}`) + ORDER).toString(16).padStart(64, '0');
  return new Uint8Array([...SIGNATURE.slice(0, 32), ...fromHex(higher).reverse()]);
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
const SMALL_ORDER = fromHex(`01${'00'.repeat(31)}`);
const NO_POINT = fromHex(`02${'00'.repeat(31)}`); // y = 2 is on no point of the curve

afterEach(() => {
  vi.restoreAllMocks();
});

describe('verifyEd25519', () => {
  it('takes a signature of the key', async () => {
    expect(await verifyEd25519(KEY, MESSAGE, SIGNATURE)).toBe(true);
  });

  it.each([
    ['another message', KEY, utf8('attested'), SIGNATURE],
    ['a changed signature', KEY, MESSAGE, flipped(SIGNATURE)],
    ['a second encoding of S', KEY, MESSAGE, malleated()],
    ['a key of small order', SMALL_ORDER, MESSAGE, SIGNATURE],
    ['a key that is no point', NO_POINT, MESSAGE, SIGNATURE],
    ['a short key', KEY.slice(1), MESSAGE, SIGNATURE],
    ['a short signature', KEY, MESSAGE, SIGNATURE.slice(1)],
    ['nothing', new Uint8Array(), new Uint8Array(), new Uint8Array()],
  ])('refuses %s', async (_, key, message, signature) => {
    expect(await verifyEd25519(key, message, signature)).toBe(false);
  });

  it('says that the platform cannot tell, instead of no', async () => {
    const unsupported = new DOMException('no such algorithm', 'NotSupportedError');
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(unsupported);
    await expect(verifyEd25519(KEY, MESSAGE, SIGNATURE)).rejects.toBe(unsupported);
  });
});
