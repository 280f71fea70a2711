import { checkAttachment, type DocumentAttachment } from '../document/attachment.ts';
import { fail } from '../errors.ts';
import type { Sha256 } from '../sha256-port.ts';
import type { DidOperation } from './operation-body.ts';

/**
 * That the document beside an operation is the one it commits to, or that there is none where none belongs
 * (specs/did-mno.md §5.4). @throws AppError document_missing, invalid_document, document_mismatch,
 * key_reused, invalid_operation
 */
export function checkDocument(parsed: DidOperation, sha256: Sha256): DocumentAttachment | null {
  const { operation, network } = parsed;
  if (parsed.kind === 'rotate' || parsed.kind === 'deactivate') {
    if (operation.attachment !== null) throw fail('invalid_operation', { field: '/attachment' });
    return null;
  }
  const signed = parsed.kind === 'create' ? parsed.genesis : { ...parsed.body, network };
  return checkAttachment(operation.attachment, signed, sha256);
}
