import {
  type Bytes,
  type Clock,
  concatBytes,
  equalBytes,
  fromBase64url,
  type Random,
  toBase64url,
  unixSeconds,
} from '@attestel/core';
import type { Derive } from '../storage/derivation.ts';
import { readUint32, uint32 } from '../storage/keys.ts';

const RANDOM_BYTES = 16;
const MAC_BYTES = 16;

/**
 * Challenges that the issuer recognises without having stored them: expiry, random bytes and a MAC over
 * both. So anybody may ask for one (OID4VCI 1.0 §7) without filling the store, and one made before a
 * restart still counts after it. Single use is the business of whoever accepts it.
 */
export interface NonceSource {
  issue(): Promise<string>;
  /** @returns its expiry in unix seconds, or null when it is not ours or is over */
  check(nonce: string): Promise<number | null>;
}

export function createNonceSource(options: {
  readonly label: 'c-nonce' | 'dpop-nonce';
  readonly lifetimeSeconds: number;
  readonly derive: Derive;
  readonly clock: Clock;
  readonly random: Random;
}): NonceSource {
  const mac = async (body: Bytes): Promise<Bytes> =>
    (await options.derive(options.label, body)).slice(0, MAC_BYTES);
  return {
    async issue() {
      const expiry = unixSeconds(options.clock) + options.lifetimeSeconds;
      const body = concatBytes(uint32(expiry), options.random.bytes(RANDOM_BYTES));
      return toBase64url(concatBytes(body, await mac(body)));
    },
    async check(nonce) {
      const bytes = decode(nonce);
      if (bytes === null) return null;
      const body = bytes.slice(0, 4 + RANDOM_BYTES);
      if (!equalBytes(await mac(body), bytes.slice(body.length))) return null;
      const expiry = readUint32(body);
      return unixSeconds(options.clock) < expiry ? expiry : null;
    },
  };
}

function decode(nonce: string): Bytes | null {
  if (nonce.length !== 48) return null;
  try {
    return fromBase64url(nonce);
  } catch {
    return null;
  }
}
