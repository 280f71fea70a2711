import { sameBytes } from '../bytes.ts';
import type { Cosignature } from '../cosignature/cosignature.ts';
import { HASH_BYTES, type Sha256 } from '../hash.ts';
import { createByteWriter } from './byte-writer.ts';
import { writeCheckpoint } from './encode-receipt.ts';
import { LAYOUT } from './receipt.ts';

/** A checkpoint body with the signatures that vouch for it. */
export interface CosignedBody {
  readonly body: string;
  readonly signatures: readonly Cosignature[];
}

const HEADER_BYTES = 2;
const PREFIX_BYTES = HEADER_BYTES + 1 + HASH_BYTES;

/**
 * Puts the checkpoint into a receipt that refers to it, so that it verifies offline. Works on bytes: the
 * proof, which is the long part, is not parsed.
 * @throws TypeError unless the receipt refers to just this body, or when no receipt can carry it
 */
export function stapleReceipt(
  sha256: Sha256,
  receipt: Uint8Array,
  { body, signatures }: CosignedBody,
): Uint8Array {
  if (receipt.length < PREFIX_BYTES || receipt[HEADER_BYTES] !== LAYOUT.form.reference) {
    throw new TypeError('receipt: only one that refers to a checkpoint can be stapled');
  }
  const referred = receipt.subarray(HEADER_BYTES + 1, PREFIX_BYTES);
  if (!sameBytes(referred, sha256(new TextEncoder().encode(body)))) {
    throw new TypeError('receipt: refers to another checkpoint');
  }
  const writer = createByteWriter();
  writer.fixed(receipt.subarray(0, HEADER_BYTES), HEADER_BYTES);
  writeCheckpoint(writer, { form: 'stapled', body, signatures });
  const proof = receipt.subarray(PREFIX_BYTES);
  writer.fixed(proof, proof.length);
  const stapled = writer.toBytes();
  if (stapled.length > LAYOUT.maxBytes) throw new TypeError('receipt: too large');
  return stapled;
}
