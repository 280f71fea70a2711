import type { Ledger } from '@attestel/ledger';
import { proofCrypto } from '@attestel/ledger';
import {
  assertQuorum,
  cosignaturesOf,
  type Policy,
  ProofError,
  parseNote,
  parsePolicy,
} from '@attestel/proof';

/**
 * Unix seconds until which a ledger's state is known to be the newest: the last block, or a later time at which a
 * quorum stood by its head (heartbeats). Signatures are not verified again: the ledger takes none that do not hold.
 */
export function createStateTime(ledger: Pick<Ledger, 'head'>, policyText: string | undefined): () => number {
  const policy = policyText === undefined ? undefined : parsePolicy(policyText, proofCrypto.sha256);
  let known: { readonly checkpoint: string; readonly time: number } | undefined;
  return () => {
    const { checkpoint, time } = ledger.head();
    if (!policy || checkpoint === '') return time;
    if (known?.checkpoint !== checkpoint) known = { checkpoint, time: quorumTime(policy, checkpoint) };
    return Math.max(time, known.time);
  };
}

function quorumTime(policy: Policy, checkpoint: string): number {
  try {
    const lines = cosignaturesOf(policy, parseNote(checkpoint).signatures);
    const verified = lines.flatMap(({ keyId, time }) => {
      const witness = policy.witnesses.find((one) => Buffer.compare(one.keyId, keyId) === 0);
      return witness ? [{ witness, time }] : [];
    });
    return assertQuorum(policy, verified).time;
  } catch (error) {
    // Not enough of them yet: the last block speaks.
    if (error instanceof ProofError) return 0;
    throw error;
  }
}
