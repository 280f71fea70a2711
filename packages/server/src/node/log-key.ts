import { equalBytes, type Signer } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { proofCrypto } from '@attestel/ledger';
import { createVerifierKey, formatVerifierKey, type Policy } from '@attestel/proof';
import { fail } from '../errors.ts';

/** Name in a party's key store of the key of the log that its node orders alone. */
export const LOG_KEY = 'ledger/checkpoint';

/** The party's key of the log, made where it is missing. */
export async function ensureLogSigner(keyStore: KeyStore): Promise<Signer> {
  if (!(await keyStore.find(LOG_KEY)))
    await keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref: LOG_KEY });
  return keyStore.signer(LOG_KEY);
}

const MULTICODEC_BYTES = 2;

const rawKey = ({ publicKey }: Pick<Signer, 'publicKey'>) => publicKey.slice(MULTICODEC_BYTES);

/** C2SP verifier key of a log, as followers are given it. @throws TypeError for a name no note can carry */
export const logKeyText = (origin: string, signer: Pick<Signer, 'publicKey'>): string =>
  formatVerifierKey(
    createVerifierKey(proofCrypto.sha256, { name: origin, type: 'ed25519', publicKey: rawKey(signer) }),
  );

/** A log under a key that its policy does not know would be nobody's. @throws AppError log_key_unknown */
export function assertLogKeyListed({ logs }: Policy, signer: Signer, field: string): void {
  if (!logs.some(({ publicKey }) => equalBytes(publicKey, rawKey(signer))))
    throw fail('log_key_unknown', { field });
}
