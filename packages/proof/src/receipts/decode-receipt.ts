import { compareBytes } from '../bytes.ts';
import type { Cosignature } from '../cosignature/cosignature.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES } from '../hash.ts';
import { TRIE_DEPTH } from '../trie/hashing.ts';
import type { TrieEnd } from '../trie/trie-path.ts';
import { type ByteReader, createByteReader, malformed } from './byte-reader.ts';
import {
  type EventReceipt,
  LAYOUT,
  type Receipt,
  type ReceiptCheckpoint,
  type StateReceipt,
} from './receipt.ts';

/**
 * Parses a receipt from anyone. There is exactly one encoding of each receipt; nothing in it counts before
 * `verifyReceipt`.
 * @throws ProofError receipt_too_large, receipt_truncated, receipt_malformed, cosignature_duplicate
 */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length > LAYOUT.maxBytes) throw new ProofError('receipt_too_large', 'receipt: too large');
  // A copy: what is returned must not change when the caller reuses its buffer.
  const reader = createByteReader(new Uint8Array(bytes));
  if (reader.u8() !== LAYOUT.version) throw malformed('unknown version');
  const kind = reader.u8();
  if (kind !== LAYOUT.kind.state && kind !== LAYOUT.kind.event) throw malformed('unknown kind');
  const checkpoint = readCheckpoint(reader);
  const receipt = kind === LAYOUT.kind.state ? readState(reader, checkpoint) : readEvent(reader, checkpoint);
  reader.end();
  return receipt;
}

function readCheckpoint(reader: ByteReader): ReceiptCheckpoint {
  const form = reader.u8();
  if (form === LAYOUT.form.reference) return { form: 'reference', hash: reader.bytes(HASH_BYTES) };
  if (form !== LAYOUT.form.stapled) throw malformed('unknown form');
  const body = reader.text(reader.u16());
  const count = reader.u8();
  if (count === 0 || count > LAYOUT.maxSignatures) throw malformed('needs 1 to 64 cosignatures');
  const signatures: Cosignature[] = [];
  for (let i = 0; i < count; i++) {
    const keyId = reader.bytes(LAYOUT.keyIdBytes);
    assertAscending(signatures.at(-1)?.keyId, keyId);
    signatures.push({ keyId, time: reader.u64(), signature: reader.bytes(LAYOUT.signatureBytes) });
  }
  return { form: 'stapled', body, signatures };
}

function assertAscending(before: Uint8Array | undefined, keyId: Uint8Array): void {
  if (before === undefined) return;
  const order = compareBytes(before, keyId);
  if (order === 0) throw new ProofError('cosignature_duplicate', 'receipt: a key stands twice');
  if (order > 0) throw malformed('cosignatures are not in order');
}

function readState(reader: ByteReader, checkpoint: ReceiptCheckpoint): StateReceipt {
  const module = reader.text(reader.u8());
  if (module === '' || module.includes('\0')) throw malformed('bad module name');
  const key = reader.text(reader.u16());
  const depth = reader.u16();
  if (depth > TRIE_DEPTH) throw malformed('path is longer than a key');
  const bitmap = reader.bytes(Math.ceil(depth / 8));
  if (depth % 8 !== 0 && ((bitmap.at(-1) ?? 0) & (0xff >> (depth % 8))) !== 0) {
    throw malformed('unused bits must be zero');
  }
  const siblings: (Uint8Array | null)[] = [];
  for (let i = 0; i < depth; i++) {
    const present = ((bitmap[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0;
    siblings.push(present ? reader.bytes(HASH_BYTES) : null);
  }
  return { kind: 'state', checkpoint, module, key, path: { siblings, end: readEnd(reader) } };
}

function readEnd(reader: ByteReader): TrieEnd {
  const end = reader.u8();
  if (end === LAYOUT.end.own) return { kind: 'own', value: reader.bytes(reader.u32()) };
  if (end === LAYOUT.end.empty) return { kind: 'empty' };
  if (end !== LAYOUT.end.other) throw malformed('unknown end');
  return { kind: 'other', keyHash: reader.bytes(HASH_BYTES), valueHash: reader.bytes(HASH_BYTES) };
}

function readEvent(reader: ByteReader, checkpoint: ReceiptCheckpoint): EventReceipt {
  const index = reader.u64();
  const count = reader.u8();
  if (count > LAYOUT.maxLogHashes) throw malformed('more hashes than a log has levels');
  const path = Array.from({ length: count }, () => reader.bytes(HASH_BYTES));
  return { kind: 'event', checkpoint, index, path, leaf: reader.bytes(reader.u32()) };
}
