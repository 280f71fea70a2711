import { type Clock, equalBytes, type Signer } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { type WitnessKey, witnessVerifierKey } from '@attestel/ledger';
import { formatVerifierKey, type Policy } from '@attestel/proof';
import { fail } from '../errors.ts';

/** Name in a party's key store of the key that cosigns what the node has executed itself. */
export const WITNESS_KEY = 'ledger/witness';

/** The party's witness key, made where it is missing. */
export async function ensureWitnessSigner(keyStore: KeyStore): Promise<Signer> {
  if (!(await keyStore.find(WITNESS_KEY)))
    await keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref: WITNESS_KEY });
  return keyStore.signer(WITNESS_KEY);
}

/** C2SP verifier key of the party's witness key, as policies list it. @throws TypeError for a name no note can carry */
export async function witnessText(keyStore: KeyStore, name: string): Promise<string> {
  return formatVerifierKey(witnessVerifierKey({ name, signer: await ensureWitnessSigner(keyStore) }));
}

/** The key under the name that the policy gives it. @throws AppError witness_unknown naming the setting */
export function witnessIn(policy: Policy, signer: Signer, clock: Clock, field: string): WitnessKey {
  const { publicKey } = witnessVerifierKey({ name: policy.origin, signer });
  const listed = policy.witnesses.find((one) => equalBytes(one.publicKey, publicKey));
  if (!listed) throw fail('witness_unknown', { field });
  return { name: listed.keyName, signer, clock };
}
