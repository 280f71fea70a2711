import { type Clock, type Random, toBase64url, unixSeconds } from '@attestel/core';
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

export async function makeFlowKey(keys: WalletKeys, purpose: WalletKeyPurpose): Promise<FlowKey> {
  const ref = await keys.generate({ purpose });
  return { ref, jwk: await keys.publicJwk(ref) };
}

export const makeHolderKeys = (keys: WalletKeys, count: number): Promise<FlowKey[]> =>
  Promise.all(Array.from({ length: count }, () => makeFlowKey(keys, 'holder')));

/** Writes down the names of the keys, so that an interrupted issuance leaves nothing behind for ever. */
export async function beginIssuance(keys: readonly FlowKey[], ports: FlowPorts): Promise<string> {
  const id = toBase64url(ports.random.bytes(16));
  const put = { id, at: unixSeconds(ports.clock), keyRefs: keys.map((key) => key.ref) };
  await ports.storage.write([{ collection: 'issuances', put }]);
  return id;
}

export const flowSigner = (key: FlowKey): JwtSignerJwk => ({
  method: 'jwk',
  alg: 'ES256',
  publicJwk: { ...key.jwk },
});
