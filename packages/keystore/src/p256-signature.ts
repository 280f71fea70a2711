import type { Bytes } from '@attestel/core';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const WIDTH = 32;

/**
 * r‖s (RFC 7518 §3.4) from the DER form `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279 §2.2.3) of a P-256
 * signature. Node makes DER from a bare key in less than half the time it takes for r‖s, which goes through
 * an options object. Only the one DER spelling of two positive integers of at most 32 bytes is taken.
 * @throws TypeError on anything else
 */
export function p256SignatureFromDer(der: Bytes): Bytes {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) throw malformed();
  const signature = new Uint8Array(2 * WIDTH);
  const middle = takeInteger(der, 2, signature, WIDTH);
  if (takeInteger(der, middle, signature, 2 * WIDTH) !== der.length) throw malformed();
  return signature;
}

/** Puts the integer at `at` into `into`, so that its last byte stands before `right`. @returns where it ends */
function takeInteger(der: Bytes, at: number, into: Bytes, right: number): number {
  const first = at + 2;
  const end = first + (der[at + 1] ?? 0);
  if (der[at] !== INTEGER || end === first || end > der.length) throw malformed();
  // X.690 §8.3: two's complement, with a zero byte in front exactly where the sign bit would be set.
  const start = der[first] === 0 ? first + 1 : first;
  const isSignBitSet = ((der[start] ?? 0) & 0x80) !== 0;
  if (start === end || isSignBitSet !== start > first || end - start > WIDTH) throw malformed();
  for (let i = start; i < end; i++) into[right - end + i] = der[i] as number;
  return end;
}

const malformed = (): TypeError => new TypeError('P-256 signature: not strict DER');
