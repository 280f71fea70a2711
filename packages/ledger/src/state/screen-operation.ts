import type { StoreReader } from '@attestel/core';
import type { Head } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import { admitUpToAttachment, moduleOf } from './admit-operation.ts';
import { contextOf } from './apply-operation.ts';
import { assertFresh } from './assert-fresh.ts';
import { guard } from './guard.ts';
import { createStateReader } from './module-state.ts';
import type { Rules } from './rules.ts';

/**
 * For modules whose attachments cost much to check: everything cheap, first. What it refuses is refused to whoever
 * sent it; it says nothing about what may be in a block. @throws AppError
 */
export function screenOperation(rules: Rules, store: StoreReader, operation: Operation, head: Head): void {
  const module = moduleOf(rules, operation);
  if (!module.screen || rules.admitted.has(operation)) return;
  assertFresh(store, operation, head);
  admitUpToAttachment(rules, operation);
  const context = contextOf(rules, store, operation, { height: head.height + 1, time: head.time });
  guard(module, () => module.screen?.(createStateReader(store, module.name), operation, context));
}
