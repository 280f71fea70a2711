import { fromBase64, toBase64 } from '../base64.ts';
import { ProofError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { isKeyName, typedKeyId } from '../note.ts';

/** Signature types of C2SP signed-note that this package knows, with the length of their keys. */
export const SIGNATURE_TYPES = {
  /** A log's own Ed25519 signature. */
  ed25519: { byte: 0x01, keyBytes: 32 },
  /** Timestamped Ed25519 cosignature of a witness. */
  cosignature: { byte: 0x04, keyBytes: 32 },
  /** Timestamped ML-DSA-44 cosignature; says nothing about extension lines. */
  'ml-dsa-44': { byte: 0x06, keyBytes: 1312 },
} as const;

export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** A key as policies and configuration name it (C2SP signed-note, "Verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
  /** Four bytes; follows from the other three. */
  readonly keyId: Uint8Array;
}

const MAX_LENGTH = 4096;
const TYPES = Object.keys(SIGNATURE_TYPES) as SignatureType[];
const FORM = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s;

/** @throws TypeError for a name that no note can carry or a key of another length */
export function createVerifierKey(
  sha256: Sha256,
  { name, type, publicKey }: Omit<VerifierKey, 'keyId'>,
): VerifierKey {
  const { byte, keyBytes } = SIGNATURE_TYPES[type];
  if (publicKey.length !== keyBytes) throw new TypeError(`verifier key: ${type} keys have ${keyBytes} bytes`);
  return { name, type, publicKey, keyId: typedKeyId(sha256, name, byte, publicKey) };
}

/** `name+hexid+base64(type ‖ key)`. */
export function formatVerifierKey({ name, type, publicKey, keyId }: VerifierKey): string {
  const typed = Uint8Array.of(SIGNATURE_TYPES[type].byte, ...publicKey);
  return `${name}+${toHex(keyId)}+${toBase64(typed)}`;
}

/** Takes exactly what {@link formatVerifierKey} writes. @throws ProofError verifier_key_malformed */
export function parseVerifierKey(text: string, sha256: Sha256): VerifierKey {
  const [, name, id, key] = (text.length <= MAX_LENGTH && FORM.exec(text)) || [];
  if (name === undefined || id === undefined || key === undefined || !isKeyName(name)) {
    throw malformed('must be name, eight lower-case hex digits and base64, with plus signs between');
  }
  const typed = fromBase64(key);
  const type = TYPES.find((candidate) => SIGNATURE_TYPES[candidate].byte === typed?.[0]);
  if (typed === undefined || type === undefined) throw malformed('unknown signature type');
  if (typed.length !== 1 + SIGNATURE_TYPES[type].keyBytes) throw malformed('key has a wrong length');
  const parsed = createVerifierKey(sha256, { name, type, publicKey: typed.slice(1) });
  if (toHex(parsed.keyId) !== id) throw malformed('key id does not follow from name and key');
  return parsed;
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const malformed = (rule: string): ProofError =>
  new ProofError('verifier_key_malformed', `verifier key: ${rule}`);
