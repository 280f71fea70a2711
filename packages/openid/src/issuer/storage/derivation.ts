import { type Bytes, concatBytes, utf8 } from '@attestel/core';
import type { KeyRef, KeyStore } from '@attestel/keystore';

export type DerivationKeys = Pick<KeyStore, 'find' | 'generate' | 'mac'>;

/** What the issuer derives; each label is a domain of its own under the one key. */
export type DerivationLabel = 'number-index' | 'pre-authorized-code' | 'tx-code' | 'c-nonce' | 'dpop-nonce';

/** HMAC-SHA-256 of a labelled message under a key that never leaves the operator's key store. */
export type Derive = (label: DerivationLabel, message: Bytes) => Promise<Bytes>;

/** Opens the derivation key, and makes it at the first start. */
export async function openDerivation(keys: DerivationKeys, ref: KeyRef): Promise<Derive> {
  const info = await keys.find(ref);
  if (info === undefined) await keys.generate({ purpose: 'derivation', algorithm: 'HS256', ref });
  else if (info.purpose !== 'derivation') throw new TypeError('issuer: key is not a derivation key');
  return (label, message) => keys.mac(ref, concatBytes(utf8(`attestel/issuer/${label}/v1\n`), message));
}
