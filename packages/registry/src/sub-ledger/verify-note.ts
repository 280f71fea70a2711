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

type Trusted = Pick<SubLedger, 'origin' | 'policy'>;

/**
 * The checkpoint of a note that the sub-ledger's quorum cosigned. The rule that decided gets into the answer as
 * `proof`. @throws AppError sub_ledger_not_cosigned
 */
export function verifyNote(trusted: Trusted, note: string): VerifiedCheckpoint {
  const shown = openNote(trusted, note);
  if (!(shown instanceof ProofError)) return shown;
  throw fail('sub_ledger_not_cosigned', { field: '/note', cause: shown, extra: { proof: shown.code } });
}

/** Whether a note satisfies a policy. */
export const isCosigned = (trusted: Trusted, note: string): boolean =>
  !(openNote(trusted, note) instanceof ProofError);

function openNote({ origin, policy }: Trusted, note: string): VerifiedCheckpoint | ProofError {
  const trusted = parsePolicyFor(origin, policy);
  try {
    const { text, signatures } = parseNote(note);
    return verifyCosignedBodySync(trusted, text, cosignaturesOf(trusted, signatures), proofCrypto);
  } catch (error) {
    if (error instanceof ProofError) return error;
    throw error;
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
