import { fromBase64, toBase64 } from './base64.ts';
import { concatBytes } from './bytes.ts';
import { ProofError } from './errors.ts';
import type { Sha256 } from './hash.ts';

/** One signature line of a signed note (C2SP signed-note). */
export interface NoteSignature {
  readonly name: string;
  /** Four bytes that tell the keys of one name apart. Not a cryptographic binding. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** What is signed: ends in a newline, without the blank line that follows it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** C2SP signed-note: verifiers accept at least 16 signatures and bound their number or size. */
const MAX_SIGNATURES = 64;
const MAX_NOTE_LENGTH = 1 << 18;

const ED25519_TYPE = 0x01;
const KEY_ID_BYTES = 4;
const ED25519_KEY_BYTES = 32;
const LINE_START = '\u2014 ';
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** Key id of an Ed25519 key: `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)[:4]` (C2SP signed-note). */
export function noteKeyId(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== ED25519_KEY_BYTES) throw new TypeError('note: an Ed25519 key has 32 bytes');
  return typedKeyId(sha256, name, ED25519_TYPE, publicKey);
}

/** Key id of a key of any signature type (C2SP signed-note, "Signatures"). @throws TypeError for a bad name */
export function typedKeyId(sha256: Sha256, name: string, type: number, publicKey: Uint8Array): Uint8Array {
  assertKeyName(name);
  const preimage = [new TextEncoder().encode(`${name}\n`), Uint8Array.of(type), publicKey];
  return sha256(concatBytes(preimage)).slice(0, KEY_ID_BYTES);
}

/** The signature line, with its newline. */
export function formatNoteSignature({ name, keyId, signature }: NoteSignature): string {
  assertKeyName(name);
  if (keyId.length !== KEY_ID_BYTES) throw new TypeError('note: a key id has 4 bytes');
  return `${LINE_START}${name} ${toBase64(concatBytes([keyId, signature]))}\n`;
}

/** Text, blank line, signature lines. @throws TypeError when the text cannot be that of a note */
export function formatNote(text: string, signatures: readonly NoteSignature[]): string {
  if (!text.endsWith('\n') || !text.isWellFormed() || CONTROL.test(text)) {
    throw new TypeError('note: text must end in a newline and hold no control character');
  }
  if (signatures.length === 0) throw new TypeError('note: needs a signature');
  return `${text}\n${signatures.map(formatNoteSignature).join('')}`;
}

/** Parses hostile text; signatures are not checked here. @throws ProofError note_malformed */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_NOTE_LENGTH) throw malformed('too long');
  if (!note.isWellFormed() || CONTROL.test(note)) throw malformed('control character or invalid UTF-8');
  // The text may hold empty lines itself: the last one ends it.
  const end = note.lastIndexOf('\n\n');
  if (end < 0) throw malformed('no blank line before the signatures');
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '') throw malformed('must end in a newline');
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) {
    throw malformed(`needs 1 to ${MAX_SIGNATURES} signatures`);
  }
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [name, value, ...rest] = line.startsWith(LINE_START) ? line.slice(LINE_START.length).split(' ') : [];
  const bytes = value === undefined ? undefined : fromBase64(value);
  if (name === undefined || bytes === undefined || rest.length > 0 || !isKeyName(name)) {
    throw malformed('signature line must be em dash, key name, base64');
  }
  if (bytes.length <= KEY_ID_BYTES) throw malformed('signature is too short');
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

/** Non-empty, neither Unicode spaces nor a plus sign (C2SP signed-note), no control character. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !CONTROL.test(name);

function assertKeyName(name: string): void {
  if (!isKeyName(name))
    throw new TypeError('note: key name must be non-empty, without spaces and plus signs');
}

const malformed = (rule: string): ProofError => new ProofError('note_malformed', `note: ${rule}`);
