import { type Clock, unixSeconds } from '@attestel/core';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { type ExchangeParty, MAX_KEY_SECONDS } from './exchange-party.ts';
import { KEY_TYP, signMessage } from './signed-message.ts';

interface EphemeralKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** What senders are shown. */
  readonly statement: string;
  /** Unix seconds. */
  readonly made: number;
  readonly until: number;
}

/** Keys that parcels to a party are encrypted to. They live in memory alone, so what was sent cannot be read later. */
export interface EphemeralKeys {
  /** JWT by the party that names the present key. */
  statement(): Promise<string>;
  /** Undefined: never ours, or not any more. */
  find(kid: string): CryptoKey | undefined;
}

export function createEphemeralKeys(party: ExchangeParty, clock: Clock): EphemeralKeys {
  let keys: readonly EphemeralKey[] = [];
  let making: Promise<EphemeralKey> | undefined;
  const live = (): readonly EphemeralKey[] => {
    const now = unixSeconds(clock);
    keys = keys.filter(({ until }) => now < until);
    return keys;
  };
  const make = async (): Promise<EphemeralKey> => {
    try {
      const key = await makeKey(party, unixSeconds(clock));
      keys = [key, ...live()];
      return key;
    } finally {
      making = undefined;
    }
  };
  return {
    async statement() {
      const [newest] = live();
      // Whoever asks has half of its life left to use it.
      const isFresh = newest && unixSeconds(clock) < newest.made + MAX_KEY_SECONDS / 2;
      if (isFresh) return newest.statement;
      making ??= make();
      return (await making).statement;
    },
    find: (kid) => live().find((key) => key.kid === kid)?.privateKey,
  };
}

async function makeKey(party: ExchangeParty, now: number): Promise<EphemeralKey> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicKey);
  const jwk = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(jwk);
  const until = now + MAX_KEY_SECONDS;
  const statement = await signMessage(KEY_TYP, { iss: party.did, iat: now, exp: until, jwk }, party);
  return { kid, privateKey, statement, made: now, until };
}
