import { systemClock, unixSeconds } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
  type Policy,
} from '@attestel/proof';
import { fixedSigner } from '../fixed-signer.ts';

export const ORIGIN = 'bench.example/bench';
const WITNESSES = 4;
export const QUORUM = 3;
const MULTIKEY_PREFIX_BYTES = 2;

const nameAt = (i: number): string => `operator-${i}.example/witness`;
const publicKeyAt = (i: number) => fixedSigner(nameAt(i)).publicKey.subarray(MULTIKEY_PREFIX_BYTES);

/** Key of an operator's node; number 0 is the node's own. */
export const witnessKeyAt = (i: number) => ({
  name: nameAt(i),
  signer: fixedSigner(nameAt(i)),
  clock: systemClock,
});

/** Three of four operators. */
export function threeOfFour(): Policy {
  const numbers = Array.from({ length: WITNESSES }, (_, i) => i);
  return createPolicy(
    {
      origin: ORIGIN,
      logs: [{ publicKey: fixedSigner('log').publicKey.subarray(MULTIKEY_PREFIX_BYTES) }],
      witnesses: numbers.map((i) => ({ name: `w${i}`, keyName: nameAt(i), publicKey: publicKeyAt(i) })),
      groups: [{ name: 'operators', threshold: QUORUM, members: numbers.map((i) => `w${i}`) }],
      quorum: 'operators',
    },
    proofCrypto.sha256,
  );
}

/** What other operators' nodes answer after they executed the same block: their cosignatures in a note. */
export async function cosignedByOthers(body: string): Promise<string> {
  const time = unixSeconds(systemClock);
  const lines = Array.from({ length: QUORUM - 1 }, async (_, i) => {
    const { name, signer } = witnessKeyAt(i + 1);
    const key = createVerifierKey(proofCrypto.sha256, {
      name,
      type: 'cosignature',
      publicKey: publicKeyAt(i + 1),
    });
    return formatCosignature(key, { time, signature: await signer.sign(cosignatureMessage(body, time)) });
  });
  return formatNote(body, await Promise.all(lines));
}
