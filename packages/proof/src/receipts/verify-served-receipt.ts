import { sameBytes } from '../bytes.ts';
import { ProofError } from '../errors.ts';
import { parseNote } from '../note.ts';
import { cosignaturesOf } from '../policy/verify-cosigned.ts';
import { decodeReceipt } from './decode-receipt.ts';
import type { Receipt, ReceiptCheckpoint } from './receipt.ts';
import { type ReceiptOptions, type VerifiedReceipt, verifyParsedReceipt } from './verify-receipt.ts';

export interface ServedReceiptOptions extends ReceiptOptions {
  /**
   * Note of a checkpoint by the SHA-256 of its body, from whoever has it. Asked where the cache does not have it, or
   * only with cosignatures that are too old by now.
   */
  readonly fetchCheckpoint?: (hash: Uint8Array) => Promise<string>;
}

/**
 * Verifies a receipt from a server that is still there: what it only refers to is fetched once.
 * @throws ProofError as verifyReceipt; whatever `fetchCheckpoint` throws
 */
export async function verifyServedReceipt(
  bytes: Uint8Array,
  options: ServedReceiptOptions,
): Promise<VerifiedReceipt> {
  const receipt = decodeReceipt(bytes);
  try {
    return await verifyParsedReceipt(receipt, options);
  } catch (error) {
    const { fetchCheckpoint } = options;
    const { checkpoint } = receipt;
    if (!fetchCheckpoint || checkpoint.form !== 'reference' || !isFetchable(error)) throw error;
    const note = await fetchCheckpoint(checkpoint.hash);
    return verifyParsedReceipt(withCheckpoint(receipt, stapled(checkpoint.hash, note, options)), options);
  }
}

/** An old checkpoint may have been cosigned again meanwhile (heartbeat). */
const isFetchable = (error: unknown): boolean =>
  error instanceof ProofError && (error.code === 'checkpoint_unknown' || error.code === 'checkpoint_stale');

const withCheckpoint = (receipt: Receipt, checkpoint: ReceiptCheckpoint): Receipt => ({
  ...receipt,
  checkpoint,
});

function stapled(
  hash: Uint8Array,
  note: string,
  { policy, crypto }: ServedReceiptOptions,
): ReceiptCheckpoint {
  const { text: body, signatures } = parseNote(note);
  if (!sameBytes(crypto.sha256(new TextEncoder().encode(body)), hash)) {
    throw new ProofError('checkpoint_unknown', 'receipt: another checkpoint was served than it refers to');
  }
  return { form: 'stapled', body, signatures: cosignaturesOf(policy, signatures) };
}
