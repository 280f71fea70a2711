import { algorithmOf, type MultikeyBytes, sha256, toHex, utf8 } from '@attestel/core';
import { type CompactJws, parseJws } from '@attestel/credentials';
import { type JwsSigner, signJwt } from '@attestel/keystore';
import { verifySignature } from '@attestel/ledger';

/** `typ` of the compact JWS in a QR code or an NDEF record (RFC 7515 §4.1.9). */
export const TAG_TYP = 'attestel-tag+jwt';

/** What fits a QR code that a phone reads from a metre away. */
const MAX_TAG_CHARS = 512;

/** Name of the key of a device's tag in its custodian's key store; serial numbers have signs that such names have not. */
export const tagKeyRef = (serial: string): string => `device-tag/${toHex(sha256(utf8(serial)))}`;

/**
 * Text of a device's tag: its custodian says by the device's tag key that this is it. Who copies a tag copies its text;
 * place, time and photo of an inspection are what a copy does not have.
 * @param id object of the device, 32 hex digits
 */
export const makeTag = (id: string, signer: JwsSigner): Promise<string> =>
  signJwt({ typ: TAG_TYP }, { device: id }, signer);

/** Whether a text that was scanned is the tag of this device. Never throws: what is scanned can be anything. */
export function isTagOf(
  tag: string,
  { id, key }: { readonly id: string; readonly key: MultikeyBytes },
): boolean {
  const jws = parsed(tag);
  if (!jws) return false;
  const { header, payload, signature, signingInput } = jws;
  return (
    Object.keys(header).length === 2 &&
    header.typ === TAG_TYP &&
    header.alg === algorithmOf(key) &&
    Object.keys(payload).length === 1 &&
    payload.device === id &&
    verifySignature(key, utf8(signingInput), signature)
  );
}

/** Object that a tag names, unverified: what to look up. */
export function deviceNamedBy(tag: string): string | undefined {
  const device = parsed(tag)?.payload.device;
  return typeof device === 'string' && /^[0-9a-f]{32}$/.test(device) ? device : undefined;
}

function parsed(tag: string): CompactJws | undefined {
  try {
    return parseJws(tag, MAX_TAG_CHARS);
  } catch {
    return undefined;
  }
}
