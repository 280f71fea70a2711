import { ProofError } from '../errors.ts';
import type { NoteSignature } from '../note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** One witness's word for a checkpoint at a time (C2SP tlog-cosignature, Ed25519). */
export interface Cosignature {
  /** Four bytes: which witness key. */
  readonly keyId: Uint8Array;
  /** Unix seconds. */
  readonly time: number;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/**
 * What a witness signs: `cosignature/v1`, `time …` and the checkpoint body with its extension lines.
 * @throws TypeError for a time that is no whole number of seconds
 */
export function cosignatureMessage(body: string, timeSeconds: number): Uint8Array {
  assertTime(timeSeconds);
  return new TextEncoder().encode(`cosignature/v1\ntime ${timeSeconds}\n${body}`);
}

/** The note signature of a cosignature: 8 bytes of time, big-endian, then the signature. */
export function formatCosignature(
  key: Pick<VerifierKey, 'name' | 'keyId'>,
  { time, signature }: Omit<Cosignature, 'keyId'>,
): NoteSignature {
  assertTime(time);
  if (signature.length !== SIGNATURE_BYTES) throw new TypeError('cosignature: signatures have 64 bytes');
  const value = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES);
  new DataView(value.buffer).setBigUint64(0, BigInt(time));
  value.set(signature, TIME_BYTES);
  return { name: key.name, keyId: key.keyId, signature: value };
}

/** @throws ProofError cosignature_malformed */
export function parseCosignature({ keyId, signature: value }: NoteSignature): Cosignature {
  if (value.length !== TIME_BYTES + SIGNATURE_BYTES) throw malformed('must be 8 bytes of time and 64 more');
  return { keyId, time: readTimestamp(value), signature: value.slice(TIME_BYTES) };
}

/** The first 8 bytes as unix seconds. @throws ProofError cosignature_malformed beyond 2^53 − 1 */
export function readTimestamp(value: Uint8Array): number {
  const time = new DataView(value.buffer, value.byteOffset, TIME_BYTES).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('time is out of range');
  return Number(time);
}

function assertTime(time: number): void {
  if (!Number.isSafeInteger(time) || time < 0) throw new TypeError('cosignature: time must be unix seconds');
}

const malformed = (rule: string): ProofError =>
  new ProofError('cosignature_malformed', `cosignature: ${rule}`);
