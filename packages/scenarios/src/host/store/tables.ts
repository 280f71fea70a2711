import { type Bytes, fromHex, utf8 } from '@attestel/core';

/** Tables of the party's store that the host writes; values are sealed by the vault but for what steers recovery. */
export const TABLES = {
  /** Line id → what is to be committed once the ledger has the line. */
  prepared: 'contract.prepared',
  /** Line id → payload, or what is left of it. */
  payload: 'contract.payload',
  /** Channel, module, id → newest state that this party has. */
  object: 'contract.object',
  /** Receiver, line → parcel to deliver. */
  outbox: 'contract.outbox',
  /** Line id → why this party does not agree with it. */
  dispute: 'contract.dispute',
  /** Line id → a payload that is being erased. */
  erasing: 'contract.erasing',
  /** Number → line, in the order in which this host folded them. */
  feed: 'contract.feed',
  /** Channel, member → whom what concerns all members was sent to. */
  member: 'contract.member',
  /** Channel → its key. */
  channelKey: 'contract.channel-key',
  /** Hour, digest of reader and what was read → nothing: it is recorded. */
  access: 'contract.access',
  /** Channel, DID → a DID in whose name its writers write blind lines, and its key. */
  commonActor: 'contract.common-actor',
} as const;

export const lineKey = (line: string): Bytes => fromHex(line);

export const objectKey = (channel: string, module: string, id: string): Bytes =>
  utf8(`${channel}|${module}|${id}`);

/** End of a range over all keys that begin with a text. */
export const afterPrefix = (prefix: string): Bytes => {
  const bytes = utf8(prefix);
  const last = bytes.length - 1;
  // The texts here end in ASCII.
  bytes[last] = (bytes[last] as number) + 1;
  return bytes;
};

export function numberKey(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

export const numberOf = (key: Bytes): number =>
  Number(new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(0));
