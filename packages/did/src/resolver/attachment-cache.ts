import { type Bytes, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { type DocumentAttachment, openAttachment } from '../document/attachment.ts';
import { sha256 } from '../sha256.ts';

/** Some 20 MB if all were as large as they may be. */
const KEPT = 1000;

/**
 * Documents by the operation that made them; `commitment` is what that says of its document. What is kept is only the
 * parsing: whether the attachment is still there is asked each time, since it can be erased.
 */
export function createAttachmentCache(ledger: Pick<Ledger, 'attachment'>) {
  const parsed = new Map<string, DocumentAttachment>();
  return (operation: Bytes, commitment: Bytes): DocumentAttachment | undefined => {
    const bytes = ledger.attachment(operation);
    const id = toHex(operation);
    if (!bytes) {
      parsed.delete(id);
      return undefined;
    }
    const known = parsed.get(id);
    if (known) return known;
    const attachment = openAttachment(bytes, commitment, sha256);
    const [oldest] = parsed.size >= KEPT ? parsed.keys() : [];
    if (oldest !== undefined) parsed.delete(oldest);
    parsed.set(id, attachment);
    return attachment;
  };
}
