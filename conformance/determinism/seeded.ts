import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import {
  type Bytes,
  concatBytes,
  fromHex,
  multikeyFromJwk,
  type Random,
  type Signer,
  toHex,
  utf8,
} from '@attestel/core';

const sha256 = (data: Bytes): Bytes => new Uint8Array(createHash('sha256').update(data).digest());

/** Everything that a seed decides: bytes, choices and keys. The same seed gives the same, on every machine. */
export class Seeded implements Random {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Bytes {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      sha256(utf8(`${this.#seed} ${this.#count++}`)),
    );
    return concatBytes(...blocks).slice(0, length);
  }

  /** A whole number below a bound. */
  below(bound: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.bytes(4);
    return ((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) >>> 0) % bound;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  ed25519(): Signer {
    const der = concatBytes(fromHex('302e020100300506032b657004220420'), this.bytes(32));
    const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
    const publicKey = multikeyFromJwk(createPublicKey(key).export({ format: 'jwk' }));
    return {
      algorithm: 'EdDSA',
      publicKey,
      sign: async (message) => new Uint8Array(sign(null, message, key)),
    };
  }

  p256(): Signer {
    const secret = this.bytes(32).with(0, 0x7f);
    return p256Signer(secret);
  }
}

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA whose nonce is a hash of key and message, as RFC 6979 has it in more words: Node draws it, and a log would
 * come out differently each time it is generated. For tests.
 */
function p256Signer(secret: Bytes): Signer {
  const publicKey = concatBytes(fromHex('8024'), compressed(secret));
  const d = toBigInt(secret);
  return {
    algorithm: 'ES256',
    publicKey,
    async sign(message) {
      const nonce = sha256(concatBytes(secret, message)).with(0, 0x7f);
      const r = toBigInt(compressed(nonce).slice(1)) % N;
      const s = (inverse(toBigInt(nonce)) * (toBigInt(sha256(message)) + r * d)) % N;
      return concatBytes(to32(r), to32(s));
    },
  };
}

function compressed(secret: Bytes): Bytes {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret);
  return new Uint8Array(pair.getPublicKey(null, 'compressed'));
}

const toBigInt = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes)}`);
const to32 = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0'));

/** Modulo the order, which is prime: Fermat. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % N];
  for (let exponent = N - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % N;
    base = (base * base) % N;
  }
  return result;
}
