import { utf8 } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import {
  formatNote,
  formatPolicyLink,
  noteKeyId,
  ProofError,
  parseNote,
  parsePolicy,
  policyHash,
  verifyPolicyChain,
} from '@attestel/proof';
import type { NodeConfig } from '../config.schema.ts';
import { fail } from '../errors.ts';
import { readPolicyFiles } from './configured-files.ts';
import { openPartyKeys } from './open-party-keys.ts';
import { ensureWitnessSigner, witnessIn } from './witness-key.ts';

export interface PolicyLinkRequest {
  readonly passphrase: string;
  /** Text of the policy that is to follow the one in force. */
  readonly next: string;
  /** The link as other witnesses have signed it. */
  readonly signedBefore?: string | undefined;
}

export interface SignedPolicyLink {
  readonly note: string;
  readonly sequence: number;
  /** Key names of those who have signed. */
  readonly signers: readonly string[];
  /** Whether a quorum of the policy in force has signed. */
  readonly complete: boolean;
}

/**
 * Signs the step from the policy in force to another one with this node's witness key (specs/ledger.md §14).
 * @throws AppError config_invalid, ledger_not_configured, witness_unknown, file_exists when the others signed another
 * step; ProofError for a policy or note in another form, or of another ledger
 */
export async function signPolicyLink(
  { ledger, dataDir }: NodeConfig,
  { passphrase, next, signedBefore }: PolicyLinkRequest,
): Promise<SignedPolicyLink> {
  const settings = ledger?.solo ?? ledger?.follow ?? ledger?.cometbft;
  if (!settings) throw fail('ledger_not_configured');
  const { policy, policyChain } = await readPolicyFiles(settings, 'ledger');
  const sequence = policyChain.links.length + 1;
  const link = {
    ...{ sequence, previous: policyHash(policy, proofCrypto.sha256) },
    policy: parsePolicy(next, proofCrypto.sha256),
  };
  const text = formatPolicyLink(link);
  const before = signedBefore === undefined ? undefined : parseNote(signedBefore);
  if (before && before.text !== text) throw fail('file_exists', { field: 'link' });
  const keyStore = await openPartyKeys({ dataDir, passphrase });
  const clock = { now: () => 0 }; // links carry no time
  const { name, signer } = witnessIn(policy, await ensureWitnessSigner(keyStore), clock, 'policyFile');
  const own = {
    ...{ name, keyId: noteKeyId(proofCrypto.sha256, name, signer.publicKey.slice(2)) },
    signature: await signer.sign(utf8(text)),
  };
  const others = (before?.signatures ?? []).filter((line) => line.name !== name);
  const note = formatNote(text, [...others, own]);
  const complete = await verifyPolicyChain({ sequence: sequence - 1, policy }, [note], proofCrypto).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProofError && error.code === 'quorum_not_met') return false;
      throw error;
    },
  );
  return { note, sequence, signers: [...others, own].map((line) => line.name), complete };
}
