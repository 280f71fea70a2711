import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { type Bytes, type CborValue, decodeCbor, encodeCbor, utf8 } from '@attestel/core';
import { fail } from './errors.ts';
import { exportKey, importKey } from './key-material.ts';
import { assertRef, assertUse } from './key-store.ts';
import type { KeyAlgorithm, KeyPurpose } from './port.ts';
import type { SoftwareKey, SoftwareKeys } from './software-key-store.ts';

/**
 * File = CBOR `[header bytes, ciphertext ‖ tag]`; the header is the associated data of AES-256-GCM, so
 * parameters cannot be exchanged. Content = CBOR list of `[ref, purpose, algorithm, createdAt, key]`.
 */
export interface KeyFileHeader {
  readonly format: typeof FORMAT;
  /** scrypt cost (RFC 7914 §2); block size 8 and parallelisation 2 are fixed. */
  readonly n: number;
  readonly salt: Bytes;
  /** Fresh for each write. */
  readonly nonce: Bytes;
}

export const FORMAT = 'attestel/key-file/v1';
export const SALT_BYTES = 16;
export const NONCE_BYTES = 12;
/** With r = 8, p = 2: the cost OWASP lists for password storage; 64 MiB. */
export const DEFAULT_SCRYPT_N = 2 ** 16;

const SCRYPT_R = 8;
const SCRYPT_P = 2;
// A planted file must not make opening it arbitrarily expensive. The lower bound serves tests.
const MIN_SCRYPT_N = 2 ** 10;
const MAX_SCRYPT_N = 2 ** 20;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

const derive = promisify(scrypt) as (
  password: Bytes,
  salt: Bytes,
  length: number,
  options: object,
) => Promise<Buffer>;

/** The key that encrypts a key file. NFC, so that one passphrase typed on two systems stays one. */
export async function deriveFileKey(passphrase: string, n: number, salt: Bytes): Promise<KeyObject> {
  assertCost(n);
  const cost = { N: n, r: SCRYPT_R, p: SCRYPT_P, maxmem: 2 * 128 * n * SCRYPT_R };
  const bytes = await derive(utf8(passphrase.normalize('NFC')), salt, 32, cost);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** @throws TypeError when the cost is out of bounds */
export function assertCost(n: number): void {
  if (!Number.isInteger(Math.log2(n)) || n < MIN_SCRYPT_N || n > MAX_SCRYPT_N) {
    throw new TypeError('key file: scrypt cost must be a power of two from 2^10 to 2^20');
  }
}

export function sealKeyFile(header: KeyFileHeader, fileKey: KeyObject, keys: SoftwareKeys): Bytes {
  const exported = [...keys.values()].map(({ info, key }) => ({ info, secret: exportKey(key) }));
  const content = encodeCbor(
    exported.map(({ info, secret }) => [info.ref, info.purpose, info.algorithm, info.createdAt, secret]),
  );
  const head = encodeCbor({ ...header });
  const cipher = createCipheriv(CIPHER, fileKey, header.nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(head);
  const body = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  content.fill(0);
  for (const { secret } of exported) secret.fill(0);
  return encodeCbor([head, body]);
}

/** @throws AppError key_file_corrupt */
export function parseKeyFile(file: Bytes): { header: KeyFileHeader; head: Bytes; body: Bytes } {
  try {
    const parts = decodeCbor(file);
    if (!Array.isArray(parts) || parts.length !== 2) throw new TypeError('two parts expected');
    const [head, body] = parts as [unknown, unknown];
    if (!(head instanceof Uint8Array) || !(body instanceof Uint8Array)) throw new TypeError('bytes expected');
    return { header: parseHeader(decodeCbor(head)), head, body };
  } catch (cause) {
    throw fail('key_file_corrupt', { cause });
  }
}

/** @throws AppError key_file_locked, key_file_corrupt */
export function openKeyFile(parsed: ReturnType<typeof parseKeyFile>, fileKey: KeyObject): SoftwareKeys {
  const content = decrypt(parsed, fileKey);
  try {
    const entries = decodeCbor(content) as readonly CborValue[];
    return new Map(entries.map((entry) => [(entry as readonly [string])[0], parseEntry(entry)]));
  } catch {
    // No cause: an error about the content could quote it.
    throw fail('key_file_corrupt');
  } finally {
    content.fill(0);
  }
}

function decrypt({ header, head, body }: ReturnType<typeof parseKeyFile>, fileKey: KeyObject): Bytes {
  try {
    const cut = body.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, fileKey, header.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(head);
    decipher.setAuthTag(body.subarray(cut));
    return Buffer.concat([decipher.update(body.subarray(0, cut)), decipher.final()]);
  } catch {
    throw fail('key_file_locked');
  }
}

function parseHeader(value: CborValue): KeyFileHeader {
  const { format, n, salt, nonce, ...rest } = value as Record<string, CborValue>;
  if (format !== FORMAT || typeof n !== 'number' || Object.keys(rest).length > 0) {
    throw new TypeError('unknown header');
  }
  assertCost(n);
  if (!(salt instanceof Uint8Array) || salt.length !== SALT_BYTES) throw new TypeError('salt');
  if (!(nonce instanceof Uint8Array) || nonce.length !== NONCE_BYTES) throw new TypeError('nonce');
  return { format, n, salt, nonce };
}

function parseEntry(entry: CborValue): SoftwareKey {
  const [ref, purpose, algorithm, createdAt, secret] = entry as readonly [
    string,
    KeyPurpose,
    KeyAlgorithm,
    number,
    Bytes,
  ];
  assertRef(ref);
  assertUse(purpose, algorithm);
  return { info: { ref, purpose, algorithm, createdAt }, key: importKey(algorithm, secret) };
}
