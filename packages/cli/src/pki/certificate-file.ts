import { type Bytes, fromBase64, fromUtf8 } from '@attestel/core';
import { fail } from '../errors.ts';

const PEM = /^-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\s*$/m;
const DER_SEQUENCE = 0x30;

/** DER of the first certificate of a file, in PEM or DER. @throws option_invalid, naming the field */
export function certificateOf(bytes: Bytes, field: string): Bytes {
  if (bytes[0] === DER_SEQUENCE) return bytes;
  try {
    const body = PEM.exec(fromUtf8(bytes))?.[1];
    if (body !== undefined) return fromBase64(body.replaceAll(/[\r\n]/g, ''));
  } catch {
    // told below
  }
  throw fail('option_invalid', { field: `${field} (a certificate in PEM or DER)` });
}
