import { type Bytes, fromBase64, fromHex, fromUtf8, sha256, toHex } from '@attestel/core';

/** A device that somebody stands before: its certificate's SHA-256, and what people call it. */
export interface Device {
  /** Lower-case hex. */
  readonly hash: string;
  /** Serial or host name, as far as label or certificate say one. Only shown: what counts is the hash. */
  readonly name: string | null;
}

const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i;
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DER_SEQUENCE = 0x30;
/** The largest certificate, in PEM. */
export const MAX_FILE_BYTES = 2 * 20_480;

/**
 * What a label or a pasted text says: a link to this page, `NAME HASH`, a hash alone, or a certificate in PEM. Hostile
 * text: undefined for everything else.
 */
export function deviceOfText(text: string): Device | undefined {
  if (text.length > MAX_FILE_BYTES) return undefined;
  const pem = PEM.exec(text)?.[1];
  if (pem !== undefined) return deviceOfPem(pem);
  const found = HASH.exec(text);
  if (!found) return undefined;
  const before = text.slice(text.lastIndexOf('#', found.index) + 1, found.index).replace(/[\s.]+$/, '');
  return { hash: found[0].toLowerCase(), name: NAME.test(before) ? before : null };
}

/** What stands behind `#` in a label's link; whoever wrote the link encoded it or not. */
export function deviceOfFragment(fragment: string): Device | undefined {
  try {
    return deviceOfText(decodeURIComponent(fragment));
  } catch {
    return undefined;
  }
}

/** The certificate in a file, PEM or DER. Hostile bytes: undefined for everything else. */
export function deviceOfFile(bytes: Bytes): Device | undefined {
  if (bytes.length > MAX_FILE_BYTES) return undefined;
  if (bytes[0] === DER_SEQUENCE) return deviceOfDer(bytes);
  try {
    return deviceOfText(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}

function deviceOfPem(body: string): Device | undefined {
  try {
    return deviceOfDer(fromBase64(body.replaceAll(/\s/g, '')));
  } catch {
    return undefined;
  }
}

const deviceOfDer = (der: Bytes): Device => ({ hash: toHex(sha256(der)), name: serialIn(der) });

/** serialNumber (2.5.4.5) as a DER object identifier. */
const SERIAL_NUMBER = fromHex('0603550405');
const STRINGS: readonly number[] = [0x0c, 0x13];

/** The last serialNumber of the names in a certificate, which is the subject's; for people, not for decisions. */
function serialIn(der: Bytes): string | null {
  for (let at = der.length - SERIAL_NUMBER.length; at >= 0; at--) {
    if (!SERIAL_NUMBER.every((byte, i) => der[at + i] === byte)) continue;
    const [tag = 0, length = 0] = der.subarray(at + SERIAL_NUMBER.length);
    const start = at + SERIAL_NUMBER.length + 2;
    const text = String.fromCharCode(...der.subarray(start, start + length));
    if (STRINGS.includes(tag) && /^[\x21-\x7e]{1,64}$/.test(text)) return text;
  }
  return null;
}
