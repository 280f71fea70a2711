import { readFile } from 'node:fs/promises';
import { AppError, systemClock, unixSeconds } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import {
  cosignaturesOf,
  type LedgerHead,
  type Policy,
  ProofError,
  parseLedgerBody,
  parseNote,
  parsePolicy,
  verifyCheckpoint,
  verifyCosignedBodySync,
} from '@attestel/proof';
import type { CommandInput } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr, wholeNumber } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { type CheckpointKey, parseVerifierKey } from './checkpoint-key.ts';

type Values = CommandInput['values'];

/** By whose word a checkpoint counts. */
export type Trust =
  | { readonly policy: Policy; readonly maxAgeSeconds: number | undefined }
  | { readonly key: CheckpointKey };

export interface CheckedNote extends LedgerHead {
  readonly body: string;
  /** Unix seconds since when a quorum stood by it; unknown where only the log's own key signed. */
  readonly time: number | undefined;
}

const ED25519_PREFIX_BYTES = 2;
const YEARS = 100 * 365 * 86_400;

/** From `--policy` and `--max-age`, or from `--key`. @throws option_invalid, data_missing, policy_malformed */
export async function trustOf(values: Values): Promise<Trust | undefined> {
  const path = textOr(values, 'policy', undefined);
  const key = textOr(values, 'key', undefined);
  if (path !== undefined && key !== undefined) throw fail('option_invalid', { field: '--policy and --key' });
  if (key !== undefined) return { key: parseVerifierKey(key) };
  if (path === undefined) return undefined;
  const maxAgeSeconds =
    values['max-age'] === undefined
      ? undefined
      : wholeNumber(values, 'max-age', { fallback: 0, least: 1, most: YEARS });
  return { policy: await policyOf(fromHere(path)), maxAgeSeconds };
}

/** The same for whoever replays a log. */
export const trusteesOf = (trust: Trust) =>
  'key' in trust
    ? { origin: trust.key.origin, checkpointKey: trust.key.multikey }
    : { origin: trust.policy.origin, policy: trust.policy };

/** The policy in a file. @throws data_missing, policy_malformed */
export async function policyOf(path: string): Promise<Policy> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw fail('data_missing', { field: '--policy', cause });
  }
  return proven('--policy', 'bad-input', () => parsePolicy(text, proofCrypto.sha256));
}

/** @throws AppError of kind proof-failed with the code of the rule that the note breaks */
export function checkNote(note: string, trust: Trust, field: string): CheckedNote {
  return proven(field, 'proof-failed', () => {
    if ('key' in trust) {
      const { origin, multikey } = trust.key;
      const keys = [{ name: origin, publicKey: multikey.slice(ED25519_PREFIX_BYTES) }];
      const { body } = verifyCheckpoint(note, { origin, keys }, proofCrypto);
      return { ...parseLedgerBody(body), body, time: undefined };
    }
    const { policy, maxAgeSeconds } = trust;
    const { text, signatures } = parseNote(note);
    const freshness = {
      now: unixSeconds(systemClock),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    };
    const cosigned = cosignaturesOf(policy, signatures);
    return { ...verifyCosignedBodySync(policy, text, cosigned, proofCrypto, freshness), body: text };
  });
}

/** What a note says, when nobody's word for it is asked for. @throws AppError of kind proof-failed */
export const readNote = (note: string, field: string): CheckedNote =>
  proven(field, 'proof-failed', () => {
    const body = parseNote(note).text;
    return { ...parseLedgerBody(body), body, time: undefined };
  });

function proven<T>(field: string, kind: 'bad-input' | 'proof-failed', work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw new AppError(cause.code, { kind, message: cause.message }, { field, cause });
  }
}
