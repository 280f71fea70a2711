import { type Bytes, equalBytes, type Store } from '@attestel/core';
import { fail } from '../errors.ts';
import { decodeLeaf } from '../log/leaf.ts';
import type { LedgerModule } from '../module.ts';
import { decodeOperation, encodeOperation } from '../operations/decode-operation.ts';
import { guard } from '../state/guard.ts';
import { TABLES } from '../tables.ts';

export interface SupplyAttachmentOptions {
  readonly modules: readonly LedgerModule[];
  /** Store of a ledger; that ledger may be open. */
  readonly store: Store;
  readonly operationId: Bytes;
  readonly attachment: Bytes;
}

/**
 * Puts an attachment beside the logged operation that commits to it: an import from entries alone comes
 * without. Whoever runs the node decides; no route leads here, or anybody could bring back what was erased.
 * @throws AppError operation_unknown, operation_too_large, or why the module refuses the attachment
 */
export async function supplyAttachment(options: SupplyAttachmentOptions): Promise<void> {
  const { modules, store, operationId, attachment } = options;
  const index = store.get(TABLES.operations, operationId);
  const bytes = index && store.get(TABLES.entries, index);
  const leaf = bytes && decodeLeaf(bytes);
  if (leaf?.kind !== 'op' || !equalBytes(leaf.operation.id, operationId)) throw fail('operation_unknown');
  const operation = decodeOperation(encodeOperation({ ...leaf.operation, attachment }));
  const module = modules.find(({ name }) => name === operation.payload.module);
  // A module without this method takes no attachments.
  if (!module?.checkAttachment) throw fail('attachment_unwanted');
  guard(module, () => module.checkAttachment?.(operation));
  await store.transact((writer) => writer.put(TABLES.attachments, operationId, attachment));
}
