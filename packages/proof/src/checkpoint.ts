import { fromBase64, toBase64 } from './base64.ts';
import { sameBytes } from './bytes.ts';
import type { SyncProofCrypto } from './crypto.ts';
import { ProofError } from './errors.ts';
import { HASH_BYTES } from './hash.ts';
import { type NoteSignature, noteKeyId, parseNote } from './note.ts';

/** Head of a log as its operator signs it (C2SP tlog-checkpoint). */
export interface CheckpointBody {
  /** Unique name of the log. */
  readonly origin: string;
  /** Leaves in the log. */
  readonly size: number;
  /** RFC 6962 root over these leaves. */
  readonly root: Uint8Array;
  /** Further signed lines, opaque here. */
  readonly extensions?: readonly string[];
}

export interface Checkpoint extends Required<CheckpointBody> {
  /** The signed text. */
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

export interface CheckpointKey {
  readonly name: string;
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Whose signatures count for which log. */
export interface CheckpointTrust {
  readonly origin: string;
  readonly keys: readonly CheckpointKey[];
}

/** @throws TypeError when a member cannot stand in a checkpoint */
export function formatCheckpointBody({ origin, size, root, extensions = [] }: CheckpointBody): string {
  if (![origin, ...extensions].every(isLine)) throw new TypeError('checkpoint: empty or broken line');
  if (!Number.isSafeInteger(size) || size < 0) throw new TypeError('checkpoint: size must be a whole number');
  if (root.length !== HASH_BYTES) throw new TypeError('checkpoint: root must be 32 bytes');
  return `${[origin, String(size), toBase64(root), ...extensions].join('\n')}\n`;
}

/** Parses hostile text; nothing in it counts before {@link verifyCheckpoint}. @throws ProofError */
export function parseCheckpoint(note: string): Checkpoint {
  const { text, signatures } = parseNote(note);
  return { ...parseCheckpointBody(text), body: text, signatures };
}

/** The signed text alone, as receipts carry it. @throws ProofError checkpoint_malformed */
export function parseCheckpointBody(body: string): Required<CheckpointBody> {
  if (!body.endsWith('\n')) throw malformed('must end in a newline');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = body.slice(0, -1).split('\n');
  if (![origin, ...extensions].every(isLine)) throw malformed('lines must not be empty');
  // Decimal without leading zeroes, and exact in a JavaScript number.
  if (!/^(?:0|[1-9]\d{0,15})$/.test(sizeLine) || !Number.isSafeInteger(Number(sizeLine))) {
    throw malformed('size must be a decimal number');
  }
  const root = fromBase64(rootLine);
  if (root?.length !== HASH_BYTES) throw malformed('root must be the base64 of 32 bytes');
  return { origin, size: Number(sizeLine), root, extensions };
}

/**
 * Checks a checkpoint against trusted keys and returns it. Signatures of other keys are ignored; one
 * that claims a trusted key and does not verify rejects the whole note (C2SP signed-note).
 * @throws ProofError
 */
export function verifyCheckpoint(
  note: string,
  trust: CheckpointTrust,
  { sha256, verifyEd25519 }: SyncProofCrypto,
): Checkpoint {
  const checkpoint = parseCheckpoint(note);
  if (checkpoint.origin !== trust.origin) {
    throw new ProofError('checkpoint_wrong_origin', 'checkpoint: of another log');
  }
  const message = new TextEncoder().encode(checkpoint.body);
  let verified = 0;
  for (const { name, publicKey } of trust.keys) {
    const keyId = noteKeyId(sha256, name, publicKey);
    for (const line of checkpoint.signatures) {
      if (line.name !== name || !sameBytes(line.keyId, keyId)) continue;
      // `=== true`: a promise in the wrong place must not pass for a yes.
      if (verifyEd25519(publicKey, message, line.signature) !== true) {
        throw new ProofError('checkpoint_bad_signature', 'checkpoint: a trusted key did not sign this');
      }
      verified += 1;
    }
  }
  if (verified === 0) throw new ProofError('checkpoint_not_signed', 'checkpoint: no trusted key signed it');
  return checkpoint;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: signed notes forbid exactly these
const isLine = (line: string): boolean => /^[^\u0000-\u001f]+$/.test(line) && line.isWellFormed();

const malformed = (rule: string): ProofError => new ProofError('checkpoint_malformed', `checkpoint: ${rule}`);
