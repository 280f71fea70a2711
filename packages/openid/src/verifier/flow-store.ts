import { type Bytes, concatBytes, type Store, type StoreWriter, utf8 } from '@attestel/core';
import { decodeFlow, encodeFlow, type Flow } from './flow.ts';

const FLOWS = 'verifier/flows';
const EXPIRY = 'verifier/expiry';

/** Each new flow clears a few that are over: more go than come, and no request pays for many. */
const PURGED_PER_WRITE = 4;

export const findFlow = (store: Pick<Store, 'get'>, id: string): Flow | undefined => {
  const bytes = store.get(FLOWS, flowKey(id));
  return bytes && decodeFlow(bytes);
};

export function insertFlow(writer: StoreWriter, flow: Flow, now: number): void {
  purge(writer, now);
  writer.put(FLOWS, flowKey(flow.id), encodeFlow(flow));
  writer.put(EXPIRY, expiryKey(flow), utf8(flow.id));
}

export const putFlow = (writer: StoreWriter, flow: Flow): void =>
  writer.put(FLOWS, flowKey(flow.id), encodeFlow(flow));

export function deleteFlow(writer: StoreWriter, flow: Flow): void {
  writer.delete(FLOWS, flowKey(flow.id));
  writer.delete(EXPIRY, expiryKey(flow));
}

function purge(writer: StoreWriter, now: number): void {
  const over = [...writer.range(EXPIRY, { to: timeBytes(now), limit: PURGED_PER_WRITE })];
  for (const [key, id] of over) {
    writer.delete(FLOWS, id);
    writer.delete(EXPIRY, key);
  }
}

const flowKey = (id: string): Bytes => utf8(id);

const expiryKey = (flow: Flow): Bytes => concatBytes(timeBytes(flow.expiresAt), utf8(flow.id));

function timeBytes(milliseconds: number): Bytes {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(milliseconds))));
  return bytes;
}
