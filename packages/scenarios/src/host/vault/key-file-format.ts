import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Bytes, concatBytes, equalBytes, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';
import { ENTRY_BYTES } from './key-table.ts';

/**
 * `magic ‖ salt 32 ‖ record…`, record = `length u32 ‖ nonce 12 ‖ AES-256-GCM(entry…)`, entry = the first 16 bytes of the
 * name's SHA-256 ‖ key 32. Associated data: salt and number of the record, so that none can be left out, moved or brought
 * in from another file.
 */
const MAGIC = utf8('attestel/contract-keys/v2\n');
export const SALT_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;
const CIPHER = 'aes-256-gcm';

/** What the key store makes the file's own key from: a MAC of this by a derivation key. */
export const wrappingMessage = (salt: Bytes): Bytes => concatBytes(MAGIC, salt);

export const keyFileHeader = wrappingMessage;

export interface FileKey {
  readonly salt: Bytes;
  readonly wrap: Bytes;
}

/** @param entries side by side */
export function encodeRecord(file: FileKey, record: number, nonce: Bytes, entries: Bytes): Bytes {
  const cipher = createCipheriv(CIPHER, file.wrap, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated(file.salt, record));
  const body = concatBytes(nonce, cipher.update(entries), cipher.final(), cipher.getAuthTag());
  return concatBytes(u32(body.length), body);
}

/** @throws AppError vault_damaged where it is no such file */
export function saltOf(file: Bytes): Bytes {
  const end = MAGIC.length + SALT_BYTES;
  if (file.length < end || !equalBytes(file.subarray(0, MAGIC.length), MAGIC)) throw fail('vault_damaged');
  return file.slice(MAGIC.length, end);
}

export interface ReadKeyFile {
  readonly records: number;
  /** Whether the last record was cut off by a crash: nobody was told that it is there. */
  readonly torn: boolean;
}

/** @param take gets the entries of each record, which are wiped after it. @throws AppError vault_damaged */
export function readKeyFile(file: Bytes, key: FileKey, take: (entries: Bytes) => void): ReadKeyFile {
  let records = 0;
  let at = MAGIC.length + SALT_BYTES;
  while (at < file.length) {
    const rest = file.subarray(at);
    const length = rest.length < LENGTH_BYTES ? 0 : viewOf(rest).getUint32(0);
    // A file system may lengthen a file before it has written what belongs there.
    const torn = rest.length < LENGTH_BYTES + length || (length === 0 && rest.every((byte) => byte === 0));
    if (torn) return { records, torn };
    const entries = decodeRecord(rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length), key, records);
    take(entries);
    entries.fill(0);
    records += 1;
    at += LENGTH_BYTES + length;
  }
  return { records, torn: false };
}

/** No cause in what it throws: an error about the content could quote it. */
function decodeRecord(body: Bytes, { salt, wrap }: FileKey, record: number): Bytes {
  const entries = unseal(body, { salt, wrap }, record);
  if (!entries || entries.length % ENTRY_BYTES !== 0)
    throw fail('vault_damaged', { field: `record/${record}` });
  return entries;
}

function unseal(body: Bytes, { salt, wrap }: FileKey, record: number): Bytes | undefined {
  try {
    const cut = body.length - TAG_BYTES;
    const nonce = body.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, wrap, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associated(salt, record));
    decipher.setAuthTag(body.subarray(cut));
    return concatBytes(decipher.update(body.subarray(NONCE_BYTES, cut)), decipher.final());
  } catch {
    return undefined;
  }
}

const associated = (salt: Bytes, record: number): Bytes => concatBytes(salt, u32(record));

function u32(value: number): Bytes {
  const bytes = new Uint8Array(LENGTH_BYTES);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

const viewOf = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
