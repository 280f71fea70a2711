import type { StoreReader } from '@attestel/core';
import type { Head } from '../ledger.ts';
import { createSignatureVerifier } from '../signatures/verify-signature.ts';
import { readSnapshotRecord } from '../snapshots/snapshot-record.ts';
import { createRuleBook, type RulesOptions } from '../state/rules.ts';
import { TABLES } from '../tables.ts';
import { checkAlarms } from './check-alarms.ts';
import { checkAttachments, isAttachmentMissing } from './check-attachments.ts';
import { checkEntries } from './check-entries.ts';
import { checkHead, checkRecords } from './check-head.ts';
import { checkLookups } from './check-lookups.ts';
import { checkNodes } from './check-nodes.ts';
import { checkState } from './check-state.ts';
import { parsed, StoreFault } from './store-fault.ts';

export interface CheckStoreOptions extends RulesOptions {
  readonly origin: string;
  /** Must not move while it is read: opened read-only, or of a node that is stopped. */
  readonly store: StoreReader;
  /** A line before each step and within long ones. */
  readonly progress?: (line: string) => void;
}

export type StoreCheck =
  | {
      readonly ok: true;
      /** Undefined for a store that holds nothing. */
      readonly head: Head | undefined;
      readonly entries: number;
      /** Entries of which the store holds the hash alone, since it began with a snapshot. */
      readonly entriesLeftOut: number;
      readonly keys: number;
      readonly attachments: number;
      /** Operations whose attachment was erased or never came. */
      readonly attachmentsMissing: number;
      /** What a follower found wrong with the log: the store is sound, and the log is not. */
      readonly alarms: number;
    }
  | {
      readonly ok: false;
      readonly table: string;
      /** Which record, for people. */
      readonly at: string;
      readonly rule: string;
    };

const EMPTY = {
  ok: true,
  head: undefined,
  entries: 0,
  entriesLeftOut: 0,
  keys: 0,
  attachments: 0,
  attachmentsMissing: 0,
} as const;

/**
 * Compares every table of a ledger's store with every other one: entries, subtree hashes and root; ids, blocks and
 * checkpoints; state, lookups, trie and state root; head, witness and engine; attachments and what commits to them; alarms. Executes
 * nothing and checks no signature: that is `verifyLedger`. @throws AppError version_missing; what the store throws
 */
export function checkStore(options: CheckStoreOptions): StoreCheck {
  try {
    return check(options);
  } catch (error) {
    if (error instanceof StoreFault) {
      return { ok: false, table: error.table, at: error.at, rule: error.message };
    }
    throw error;
  }
}

function check(options: CheckStoreOptions): StoreCheck {
  const { store, progress = () => {} } = options;
  const record = checkHead(store, options);
  const alarms = checkAlarms(store);
  if (!record) return { ...EMPTY, alarms };
  const { size } = record.frontier;
  const book = createRuleBook(options, createSignatureVerifier());
  progress(`hashes of a log of ${size} entries …`);
  checkNodes(store, record.frontier);
  progress('state and its trie …');
  const keys = checkState(store, record.state);
  checkLookups(store, book.lookups);
  // Not before the state is known to be sound: it says which version of the rules is in force.
  const rules = book.at(store, record.height + 1);
  progress('entries, ids, blocks and checkpoints …');
  const snapshot = parsed(TABLES.meta, 'snapshot', () => readSnapshotRecord(store));
  let attachmentsMissing = 0;
  const entries = checkEntries({
    store,
    head: record,
    leftOutBelow: snapshot?.size ?? 0,
    onOperation(operation) {
      if (isAttachmentMissing(store, rules, operation)) attachmentsMissing += 1;
    },
    progress,
  });
  progress('documents and what commits to them …');
  const attachments = checkAttachments(store, rules);
  return {
    ok: true,
    head: checkRecords(store, record),
    entries,
    entriesLeftOut: size - entries,
    keys,
    attachments,
    attachmentsMissing,
    alarms,
  };
}
