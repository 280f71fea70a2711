import { proofCrypto } from '@attestel/ledger';
import {
  cosignaturesOf,
  emptyRoot,
  type Policy,
  ProofError,
  parseNote,
  parsePolicy,
  type VerifiedCheckpoint,
  verifyConsistency,
  verifyCosignedBodySync,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import type { SubLedgerBody } from './bodies.schema.ts';
import type { Anchor, SubLedger } from './types.ts';

/** @throws AppError sub_ledger_body_invalid where the text is no policy for that origin */
export function parsePolicyFor(origin: string, text: string): Policy {
  const policy = parse(() => parsePolicy(text, proofCrypto.sha256), '/policy');
  if (policy.origin !== origin) throw fail('sub_ledger_body_invalid', { field: '/policy' });
  return policy;
}

/**
 * The checkpoint of a note that the sub-ledger's quorum cosigned. The rule that decided gets into the answer as
 * `proof`. @throws AppError sub_ledger_not_cosigned
 */
export function verifyNote({ origin, policy }: SubLedger, note: string): VerifiedCheckpoint {
  const trusted = parsePolicyFor(origin, policy);
  try {
    const { text, signatures } = parseNote(note);
    return verifyCosignedBodySync(trusted, text, cosignaturesOf(trusted, signatures), proofCrypto);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('sub_ledger_not_cosigned', { field: '/note', cause, extra: { proof: cause.code } });
  }
}

/** Whether the new checkpoint begins with all that was anchored. @throws AppError sub_ledger_forked */
export function assertGoesOn(anchor: Anchor | null, { newSize, root, proof }: SubLedgerBody<'anchor'>): void {
  const from = anchor?.size ?? 0;
  const fromRoot = anchor?.root ?? emptyRoot(proofCrypto.sha256);
  try {
    verifyConsistency(proofCrypto.sha256, { from, to: newSize, fromRoot, toRoot: root, path: proof });
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('sub_ledger_forked', { field: '/proof', cause, extra: { proof: cause.code } });
  }
}

function parse<T>(work: () => T, field: string): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('sub_ledger_body_invalid', { field, cause });
  }
}
