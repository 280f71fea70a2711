import { equalBytes, type StoreReader, toHex } from '@attestel/core';
import { decodeLeaf } from '../log/leaf.ts';
import type { Operation } from '../operation.ts';
import { operationOf } from '../operations/decode-operation.ts';
import { lacksAttachment } from '../replay/block-replay.ts';
import type { Rules } from '../state/rules.ts';
import { TABLES } from '../tables.ts';
import { parsed, StoreFault } from './store-fault.ts';

/**
 * Each attachment belongs to an operation of the log that commits to it. Modules keep accepting what they once
 * accepted, so the newest rules judge old ones too. Returns how many there are. @throws StoreFault
 */
export function checkAttachments(store: StoreReader, rules: Rules): number {
  let count = 0;
  for (const [id, attachment] of store.range(TABLES.attachments)) {
    const at = `operation ${toHex(id)}`;
    const index = store.get(TABLES.operations, id);
    const bytes = index && store.get(TABLES.entries, index);
    const leaf = bytes && parsed(TABLES.attachments, at, () => decodeLeaf(bytes));
    if (leaf?.kind !== 'op' || !equalBytes(leaf.operation.id, id)) {
      throw new StoreFault(TABLES.attachments, at, 'is no operation of the log');
    }
    const { payloadBytes, signatures } = leaf.operation;
    const operation = parsed(TABLES.attachments, at, () => operationOf(payloadBytes, signatures, attachment));
    if (!isTaken(rules, operation)) {
      throw new StoreFault(TABLES.attachments, at, 'is not what its operation commits to');
    }
    count += 1;
  }
  return count;
}

function isTaken(rules: Rules, operation: Operation): boolean {
  const module = rules.modules.get(operation.payload.module);
  // A module without this method takes no attachments.
  if (!module?.checkAttachment) return false;
  try {
    module.checkStateless(operation);
    module.checkAttachment(operation);
    return true;
  } catch {
    return false;
  }
}

/** Whether an operation's attachment is wanted and not there: erased, or never supplied. No fault. */
export const isAttachmentMissing = (store: StoreReader, rules: Rules, operation: Operation): boolean =>
  !store.get(TABLES.attachments, operation.id) &&
  rules.modules.has(operation.payload.module) &&
  lacksAttachment(rules, operation);
