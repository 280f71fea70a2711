import { type Bytes, concatBytes, equalBytes, fromHex, toHex, utf8 } from '@attestel/core';
import { actorKeys } from '@attestel/did';
import { verifySignature } from '@attestel/ledger';
import type { HostParts } from '../host-parts.ts';
import type { Kept } from '../payload/payload.schema.ts';

const TAG = utf8('attestel/contract-author/v1\n');

type Proof = NonNullable<Kept['proof']>;

/** Shows the other parties who stands behind a line that names nobody: a signature over its digest. */
export async function proveAuthor({ party }: HostParts, digest: Bytes): Promise<Proof> {
  const [signer] = party.signers;
  if (!signer) throw new TypeError('host: a party without a ledger key');
  const signature = await signer.sign(concatBytes(TAG, digest));
  return { key: toHex(signer.publicKey), signature: toHex(signature) };
}

/** Whether a ledger key of the party that the payload names signed it. */
export function isByAuthor({ ledger }: HostParts, { payload, proof }: Kept, digest: Bytes): boolean {
  if (!proof) return false;
  const key = fromHex(proof.key);
  const keys = actorKeys((module) => ledger.state(module), payload.party);
  return (
    keys.some((one) => equalBytes(one, key)) &&
    verifySignature(key, concatBytes(TAG, digest), fromHex(proof.signature))
  );
}
