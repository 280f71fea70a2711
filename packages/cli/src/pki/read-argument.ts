import { type Bytes, fromHex } from '@attestel/core';
import { certificateHash } from '@attestel/pki';
import { fail } from '../errors.ts';
import { readBytes } from '../read-bytes.ts';
import { certificateOf } from './certificate-file.ts';

const HASH = /^[0-9a-f]{64}$/;

/** An id of an anchor or batch, a hash, a challenge. @throws option_invalid */
export function hashOf(text: string, field: string): Bytes {
  if (!HASH.test(text)) throw fail('option_invalid', { field: `${field} (64 lower-case hex digits)` });
  return fromHex(text);
}

/** A certificate's SHA-256, from its file or given as it is. @throws option_invalid */
export const certificateHashOf = async (text: string): Promise<Bytes> =>
  HASH.test(text) ? fromHex(text) : certificateHash(await readCertificate(text, 'CERT'));

/** DER of a certificate in a file. @throws option_invalid, naming the field */
export const readCertificate = async (path: string, field: string): Promise<Bytes> =>
  certificateOf(await readBytes(path, field), field);
