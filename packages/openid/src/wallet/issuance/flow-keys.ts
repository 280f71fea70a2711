import { type Clock, type Random, toHex, unixSeconds } from '@attestel/core';
import type { JwtSignerJwk } from '@openid4vc/oauth2';
import type { HolderJwk, WalletKeyPurpose, WalletKeys } from '../keys/wallet-keys.ts';
import type { WalletStorage } from '../storage/wallet-storage.ts';

/** A key made for one issuance. */
export interface FlowKey {
  readonly ref: string;
  readonly jwk: HolderJwk;
}

export interface FlowPorts {
  readonly storage: WalletStorage;
  readonly keys: WalletKeys;
  readonly clock: Clock;
  readonly random: Random;
}

/** A name for a key that does not exist yet. */
export const newKeyRef = (purpose: WalletKeyPurpose, random: Random): string =>
  `${purpose}-${toHex(random.bytes(12))}`;

export async function makeFlowKey(
  keys: WalletKeys,
  purpose: WalletKeyPurpose,
  ref: string,
): Promise<FlowKey> {
  await keys.generate({ purpose, ref });
  return { ref, jwk: await keys.publicJwk(ref) };
}

/** Keys of one issuance, all of them named in a durable note before the first is made. */
export interface HolderKeys {
  readonly issuanceId: string;
  readonly keys: readonly FlowKey[];
}

/** Makes a key per copy. An issuance that is interrupted leaves nothing that cannot be swept. */
export async function makeHolderKeys(count: number, ports: FlowPorts): Promise<HolderKeys> {
  const issuanceId = toHex(ports.random.bytes(16));
  const keyRefs = Array.from({ length: count }, () => newKeyRef('holder', ports.random));
  const put = { id: issuanceId, at: unixSeconds(ports.clock), keyRefs };
  await ports.storage.write([{ collection: 'issuances', put }]);
  const keys = await Promise.all(keyRefs.map((ref) => makeFlowKey(ports.keys, 'holder', ref)));
  return { issuanceId, keys };
}

export const flowSigner = (key: FlowKey): JwtSignerJwk => ({
  method: 'jwk',
  alg: 'ES256',
  publicJwk: { ...key.jwk },
});
