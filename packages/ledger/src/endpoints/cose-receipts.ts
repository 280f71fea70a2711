import type { Bytes, Signer } from '@attestel/core';
import {
  type CoseReceiptSigner,
  coseReceiptMessage,
  decodeReceipt,
  encodeCoseReceipt,
  parseLedgerBody,
  parseNote,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';

/** Who signs log roots for COSE verifiers: the operator of this node, by its own word alone. */
export interface CoseIssuer {
  readonly signer: Signer;
  /** How verifiers find the key, 1 to 255 bytes: the DID URL of it, for instance. */
  readonly keyId: Bytes;
}

/**
 * Receipts of RFC 9942 for entries of the log (specs/ledger.md §15). Signed is the root alone, so that there is one
 * signature for each checkpoint, however many ask. @throws AppError proof_unavailable
 */
export function createCoseReceipts(
  { proofs }: Pick<Ledger, 'proofs'>,
  { signer, keyId }: CoseIssuer,
): (index: number) => Promise<Bytes> {
  let last: { readonly body: string; readonly signature: Promise<Bytes> } | undefined;
  const signatureOver = (body: string, about: CoseReceiptSigner, root: Bytes): Promise<Bytes> => {
    if (last?.body === body) return last.signature;
    const signature = signer.sign(coseReceiptMessage(about, root));
    const made = { body, signature };
    last = made;
    // A signer that fails once is asked again.
    signature.catch(() => {
      if (last === made) last = undefined;
    });
    return signature;
  };
  return async (index) => {
    const receipt = decodeReceipt(proofs.eventReceipt(index, 'path'));
    const { checkpoint } = receipt;
    const note = checkpoint.form === 'reference' ? proofs.checkpoint(checkpoint.hash) : undefined;
    // RFC 9942 §5.2 has no empty path, so a log of one leaf has no COSE receipt.
    if (receipt.kind !== 'event' || note === undefined || receipt.path.length === 0)
      throw fail('proof_unavailable');
    const body = parseNote(note).text;
    const { origin, size, root } = parseLedgerBody(body);
    const about = { algorithm: signer.algorithm, keyId, origin };
    const signature = await signatureOver(body, about, root);
    return encodeCoseReceipt({ ...about, index, size, path: receipt.path, signature });
  };
}
