import { type Bytes, type CborValue, decodeCbor } from '@attestel/core';
import { decodeReceipt } from '@attestel/proof';
import type { ProofSource, ReceiptForm } from '../ledger.ts';

/** State as of the newest checkpoint that can be proven, and receipts of all that was read of it. */
export interface ProvingReads {
  read(module: string): { get(key: string): CborValue | undefined };
  /** In the order of the first reads; the first brings the checkpoint along where the form is `full`. */
  receipts(): readonly Bytes[];
}

/**
 * Reads through receipts: an answer made of them says what its proof says, also where the ledger has gone on since its
 * last cosigned checkpoint. Nothing may be awaited between the reads of one answer: they belong to one checkpoint.
 * @throws AppError proof_unavailable, by the first read
 */
export function createProvingReads(proofs: ProofSource, form: ReceiptForm): ProvingReads {
  const known = new Map<string, { readonly bytes: Bytes; readonly value: CborValue | undefined }>();
  const prove = (module: string, key: string) => {
    const bytes = proofs.stateReceipt(module, key, known.size === 0 ? form : 'path');
    const receipt = decodeReceipt(bytes);
    const end = receipt.kind === 'state' ? receipt.path.end : undefined;
    return { bytes, value: end?.kind === 'own' ? decodeCbor(end.value) : undefined };
  };
  return {
    read: (module) => ({
      get(key) {
        const name = `${module}\0${key}`;
        const entry = known.get(name) ?? prove(module, key);
        known.set(name, entry);
        return entry.value;
      },
    }),
    receipts: () => Array.from(known.values(), ({ bytes }) => bytes),
  };
}
