import { compareBytes } from '../bytes.ts';
import { HASH_BYTES } from '../hash.ts';
import { TRIE_DEPTH } from '../trie/hashing.ts';
import type { TriePath } from '../trie/trie-path.ts';
import { type ByteWriter, createByteWriter } from './byte-writer.ts';
import {
  type EventReceipt,
  LAYOUT,
  type Receipt,
  type ReceiptCheckpoint,
  type StateReceipt,
} from './receipt.ts';

/**
 * The one binary form of a receipt; cosignatures are put in order.
 * @throws TypeError for numbers, lengths, texts and repeated keys that have no place in it
 */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const writer = createByteWriter();
  writer.u8(LAYOUT.version);
  writer.u8(LAYOUT.kind[receipt.kind]);
  writeCheckpoint(writer, receipt.checkpoint);
  if (receipt.kind === 'state') writeState(writer, receipt);
  else writeEvent(writer, receipt);
  const bytes = writer.toBytes();
  if (bytes.length > LAYOUT.maxBytes) throw new TypeError('receipt: too large');
  return bytes;
}

/** The part from the form byte on; also what stapling puts in. */
export function writeCheckpoint(writer: ByteWriter, checkpoint: ReceiptCheckpoint): void {
  writer.u8(LAYOUT.form[checkpoint.form]);
  if (checkpoint.form === 'reference') {
    writer.fixed(checkpoint.hash, HASH_BYTES);
    return;
  }
  const signatures = checkpoint.signatures.toSorted((a, b) => compareBytes(a.keyId, b.keyId));
  if (signatures.length === 0 || signatures.length > LAYOUT.maxSignatures) {
    throw new TypeError('receipt: needs 1 to 64 cosignatures');
  }
  writer.text(checkpoint.body, 2);
  writer.u8(signatures.length);
  signatures.forEach(({ keyId, time, signature }, i) => {
    const before = signatures[i - 1];
    if (before && compareBytes(before.keyId, keyId) === 0) throw new TypeError('receipt: a key stands twice');
    writer.fixed(keyId, LAYOUT.keyIdBytes);
    writer.u64(time);
    writer.fixed(signature, LAYOUT.signatureBytes);
  });
}

function writeState(writer: ByteWriter, { module, key, path }: StateReceipt): void {
  if (module === '' || module.includes('\0')) throw new TypeError('receipt: bad module name');
  writer.text(module, 1);
  writer.text(key, 2);
  writePath(writer, path);
}

function writePath(writer: ByteWriter, { siblings, end }: TriePath): void {
  if (siblings.length > TRIE_DEPTH) throw new TypeError('receipt: path is longer than a key');
  writer.u16(siblings.length);
  const bitmap = new Uint8Array(Math.ceil(siblings.length / 8));
  siblings.forEach((sibling, i) => {
    if (sibling !== null) bitmap[i >> 3] = (bitmap[i >> 3] ?? 0) | (0x80 >> (i & 7));
  });
  writer.fixed(bitmap, bitmap.length);
  for (const sibling of siblings) if (sibling !== null) writer.fixed(sibling, HASH_BYTES);
  writer.u8(LAYOUT.end[end.kind]);
  if (end.kind === 'own') {
    writer.counted(end.value, 4);
  } else if (end.kind === 'other') {
    writer.fixed(end.keyHash, HASH_BYTES);
    writer.fixed(end.valueHash, HASH_BYTES);
  }
}

function writeEvent(writer: ByteWriter, { index, path, leaf }: EventReceipt): void {
  if (path.length > LAYOUT.maxLogHashes) throw new TypeError('receipt: more hashes than a log has levels');
  writer.u64(index);
  writer.u8(path.length);
  for (const hash of path) writer.fixed(hash, HASH_BYTES);
  writer.counted(leaf, 4);
}
