import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Bytes, concatBytes, decodeCbor, encodeCbor, equalBytes, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';

/**
 * `magic ‖ salt 32 ‖ record…`, record = `length u32 ‖ nonce 12 ‖ AES-256-GCM(CBOR [[name, key 32], …])`. Associated
 * data: salt and number of the record, so that none can be left out, moved or brought in from another file.
 */
const MAGIC = utf8('attestel/contract-keys/v1\n');
export const SALT_BYTES = 32;
export const NONCE_BYTES = 12;
export const KEY_BYTES = 32;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;
const CIPHER = 'aes-256-gcm';

export type NamedKey = readonly [name: string, key: Bytes];

/** What the key store makes the file's own key from: a MAC of this by a derivation key. */
export const wrappingMessage = (salt: Bytes): Bytes => concatBytes(MAGIC, salt);

export const keyFileHeader = wrappingMessage;

export interface FileKey {
  readonly salt: Bytes;
  readonly wrap: Bytes;
}

export function encodeRecord(file: FileKey, record: number, nonce: Bytes, keys: readonly NamedKey[]): Bytes {
  const cipher = createCipheriv(CIPHER, file.wrap, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated(file.salt, record));
  const plain = encodeCbor(keys.map(([name, key]) => [name, key]));
  const body = concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
  plain.fill(0);
  return concatBytes(u32(body.length), body);
}

/** @throws AppError vault_damaged where it is no such file */
export function saltOf(file: Bytes): Bytes {
  const end = MAGIC.length + SALT_BYTES;
  if (file.length < end || !equalBytes(file.subarray(0, MAGIC.length), MAGIC)) throw fail('vault_damaged');
  return file.slice(MAGIC.length, end);
}

export interface ReadKeyFile {
  readonly keys: readonly NamedKey[];
  readonly records: number;
  /** Whether the last record was cut off by a crash: nobody was told that it is there. */
  readonly torn: boolean;
}

/** @throws AppError vault_damaged: another key, or changed bytes */
export function readKeyFile(file: Bytes, key: FileKey): ReadKeyFile {
  const keys: NamedKey[] = [];
  let records = 0;
  let at = MAGIC.length + SALT_BYTES;
  while (at < file.length) {
    const rest = file.subarray(at);
    const length = rest.length < LENGTH_BYTES ? 0 : viewOf(rest).getUint32(0);
    // A file system may lengthen a file before it has written what belongs there.
    const torn = rest.length < LENGTH_BYTES + length || rest.every((byte) => byte === 0);
    if (torn) return { keys, records, torn };
    keys.push(...decodeRecord(rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length), key, records));
    records += 1;
    at += LENGTH_BYTES + length;
  }
  return { keys, records, torn: false };
}

function decodeRecord(body: Bytes, { salt, wrap }: FileKey, record: number): readonly NamedKey[] {
  try {
    const cut = body.length - TAG_BYTES;
    const nonce = body.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, wrap, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associated(salt, record));
    decipher.setAuthTag(body.subarray(cut));
    const plain = concatBytes(decipher.update(body.subarray(NONCE_BYTES, cut)), decipher.final());
    return decodeCbor(plain) as unknown as readonly NamedKey[];
  } catch {
    // No cause: an error about the content could quote it.
    throw fail('vault_damaged', { field: `record/${record}` });
  }
}

const associated = (salt: Bytes, record: number): Bytes => concatBytes(salt, u32(record));

function u32(value: number): Bytes {
  const bytes = new Uint8Array(LENGTH_BYTES);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

const viewOf = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
