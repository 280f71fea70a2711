import type { Clock } from '@attestel/core';
import { createPresentation, disclosedClaims } from '@attestel/credentials/holder';
import { type WalletKeys, walletSigner } from './keys/wallet-keys.ts';
import { peekPayload } from './signed-by-did.ts';
import type { StoredCopy } from './storage/wallet-storage.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** What a stored credential says, all disclosures open. */
export const readClaims = (sdJwt: string): Promise<Claims> => disclosedClaims(sdJwt);

/** Names of the claims that can be left out of a presentation. */
export function selectiveNames(sdJwt: string, claims: Claims): string[] {
  const plain = peekPayload(sdJwt.split('~', 1)[0] as string);
  return Object.keys(claims).filter((name) => !Object.hasOwn(plain, name));
}

/** One copy made into a presentation for one verifier and one request. */
export async function presentCopy(options: {
  copy: StoredCopy;
  disclose: readonly string[];
  audience: string;
  nonce: string;
  keys: WalletKeys;
  clock: Clock;
}): Promise<string> {
  const { copy, disclose, audience, nonce, keys, clock } = options;
  const signer = await walletSigner(keys, copy.keyRef);
  return createPresentation({ sdJwt: copy.sdJwt, disclose, audience, nonce, signer, clock });
}
