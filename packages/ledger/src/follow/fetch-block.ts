import { type Bytes, equalBytes, isAppError } from '@attestel/core';
import { consistencyProof, createFrontier, verifyConsistency } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Head } from '../ledger.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { decodeLeaf, type Leaf } from '../log/leaf.ts';
import { growLog } from '../log/log-nodes.ts';
import { MAX_OPERATION_BYTES, type Operation } from '../operation.ts';
import { operationOf } from '../operations/decode-operation.ts';
import { lacksAttachment } from '../replay/block-replay.ts';
import type { LogEntry } from '../replay/entry.ts';
import { sha256 } from '../sha256.ts';
import { moduleOf } from '../state/admit-operation.ts';
import { MAX_BLOCK_OPERATIONS } from '../state/execute-block.ts';
import { guard } from '../state/guard.ts';
import type { Rules } from '../state/rules.ts';
import { withTiles } from '../tiles/tile-nodes.ts';
import type { Evidence } from './evidence.ts';
import { rootAt } from './examine-note.ts';
import type { LogMirror } from './log-mirror.ts';
import type { BlockHead, SignedHead } from './signed-head.ts';

/** Reads entries in order and keeps what a bundle brought beyond those asked for. */
export interface EntryReader {
  read(from: number, to: number, size: number): Promise<readonly Bytes[]>;
}

/** Bytes of one block: a genesis may be larger than `MAX_BLOCK_BYTES`, nothing else. */
const MAX_ENTRY_BYTES_OF_BLOCK = 64_000_000;
/** A leaf is an operation without its attachment, in a little frame. */
const MAX_LEAF_BYTES = MAX_OPERATION_BYTES + 1000;

export function createEntryReader(mirror: Pick<LogMirror, 'entries'>): EntryReader {
  let kept: readonly Bytes[] = [];
  let start = 0;
  return {
    async read(from, to, size) {
      const entries: Bytes[] = [];
      let bytesLeft = MAX_ENTRY_BYTES_OF_BLOCK;
      for (let at = from; at < to; ) {
        if (at < start || at >= start + kept.length) {
          kept = await mirror.entries(at, size);
          start = at;
        }
        const part = kept.slice(at - start, to - start);
        bytesLeft -= assertBounded(part, MAX_LEAF_BYTES, bytesLeft);
        entries.push(...part);
        at += part.length;
      }
      return entries;
    },
  };
}

/** Before anything shows that the log signed these entries, they are a stranger's. @throws AppError answer_invalid */
function assertBounded(entries: readonly Bytes[], each: number, all = Number.POSITIVE_INFINITY): number {
  let total = 0;
  for (const { length } of entries) {
    total += length;
    if (length > each || total > all) throw fail('answer_invalid', { field: 'entries' });
  }
  return total;
}

/** Entries between a head and a signed one: exactly one block, or the mirror left something out. */
export async function readBlockEntries(
  reader: EntryReader,
  head: Pick<Head, 'size'>,
  signed: BlockHead,
  size: number,
): Promise<readonly Bytes[]> {
  const count = signed.size - head.size;
  if (count < 2 || count > MAX_BLOCK_OPERATIONS + 1 || signed.size > size)
    throw fail('answer_invalid', { field: 'blocks' });
  return reader.read(head.size, signed.size, size);
}

/** Whether entries behind a head make the root that the log signed: then they are the log's. */
export function makeRoot(record: HeadRecord, entries: readonly Bytes[], { root }: BlockHead): boolean {
  const { frontier } = growLog(record.frontier, entries);
  return equalBytes(createFrontier(sha256, frontier).root(), root);
}

/**
 * Why entries do not lead from this node's head to a signed checkpoint: evidence when the tiles of the mirror show that
 * the checkpoint is of another history; undefined when the mirror just does not serve that log.
 */
export async function findFork(
  mirror: Pick<LogMirror, 'tile'>,
  head: Head,
  newer: SignedHead,
): Promise<Evidence | undefined> {
  if (head.size === 0) return undefined;
  const claim = await withTiles(mirror.tile, newer.size, (nodeAt) => ({
    fromRoot: rootAt(nodeAt, head.size),
    path: consistencyProof(sha256, nodeAt, head.size, newer.size),
  }));
  if (!claim || equalBytes(claim.fromRoot, head.root)) return undefined;
  try {
    verifyConsistency(sha256, { ...claim, from: head.size, to: newer.size, toRoot: newer.root });
  } catch {
    return undefined; // not the tiles of what was signed
  }
  const { fromRoot: otherRoot, path } = claim;
  return { kind: 'inconsistent', older: head.checkpoint, newer: newer.note, otherRoot, path };
}

/** Attachments fetched at once. */
const AT_ONCE = 8;
/** Of one block; an honest block has less in all. */
const MAX_ATTACHMENT_BYTES = 64_000_000;

type AttachmentSource = Pick<LogMirror, 'attachment'>;

export interface WithAttachments {
  readonly entries: readonly LogEntry[];
  /** Ids of operations whose attachment nobody has: erased, or kept back. */
  readonly missing: readonly Bytes[];
}

/**
 * Entries of a block, each operation with the attachment it commits to, from the mirror or, where that has none, from
 * whoever else has it: one mirror alone must not make this node forget a document. @throws AppError answer_invalid for an
 * attachment of the mirror that is another one
 */
export async function withAttachments(
  mirror: AttachmentSource,
  others: readonly AttachmentSource[],
  rules: Rules,
  entries: readonly LogEntry[],
): Promise<WithAttachments> {
  const done = [...entries];
  const missing: Bytes[] = [];
  let bytesLeft = MAX_ATTACHMENT_BYTES;
  const wanted = entries.flatMap(({ bytes }, i) => {
    const operation = operationIn(bytes);
    return operation && needsAttachment(rules, operation) ? [{ operation, i }] : [];
  });
  const work = async (): Promise<void> => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const { operation, i } = next;
      const attachment =
        (await attachmentOf(mirror, rules, operation)) ?? (await fromOthers(others, rules, operation));
      if (!attachment) {
        missing.push(operation.id);
        continue;
      }
      bytesLeft -= attachment.length;
      if (bytesLeft < 0) throw fail('answer_invalid', { field: 'attachments' });
      done[i] = { ...(entries[i] as LogEntry), attachment };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { entries: done, missing };
}

/** Undefined where it has none. @throws AppError answer_invalid for another one */
async function attachmentOf(
  source: AttachmentSource,
  rules: Rules,
  operation: Operation,
): Promise<Bytes | undefined> {
  const attachment = await source.attachment(operation.id);
  if (attachment) assertAttachment(rules, operation, attachment);
  return attachment;
}

/** Whoever is away, or has another one, has none. */
async function fromOthers(
  others: readonly AttachmentSource[],
  rules: Rules,
  operation: Operation,
): Promise<Bytes | undefined> {
  for (const source of others) {
    const attachment = await attachmentOf(source, rules, operation).catch((error: unknown) => {
      if (!isAppError(error)) throw error;
      return undefined;
    });
    if (attachment) return attachment;
  }
  return undefined;
}

function operationIn(bytes: Bytes): Operation | undefined {
  let leaf: Leaf;
  try {
    leaf = decodeLeaf(bytes);
  } catch {
    return undefined; // the replay says what is wrong with it
  }
  return leaf.kind === 'op' ? leaf.operation : undefined;
}

function needsAttachment(rules: Rules, operation: Operation): boolean {
  return rules.modules.has(operation.payload.module) && lacksAttachment(rules, operation);
}

/** The log is not to blame for what a mirror puts beside it. */
function assertAttachment(rules: Rules, { payloadBytes, signatures }: Operation, attachment: Bytes): void {
  try {
    const operation = operationOf(payloadBytes, signatures, attachment);
    const module = moduleOf(rules, operation);
    guard(module, () => module.checkAttachment?.(operation));
  } catch (cause) {
    throw fail('answer_invalid', { field: 'attachments', cause });
  }
}
