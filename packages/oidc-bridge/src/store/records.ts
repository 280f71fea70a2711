import { hash } from 'node:crypto';
import type { Bytes, Clock, StoreWriter } from '@attestel/core';
import type { Sealer } from '@attestel/openid/verifier';
import type { UnitOfWork, When } from './unit-of-work.ts';

/** A JSON object that ends by itself. */
export type RecordValue = Readonly<Record<string, unknown>>;

/**
 * Sealed records with an end. Names are hashed and values encrypted: someone who reads the database sees
 * neither tokens, which are names, nor claims. Expired ones are cleared a few at a time by later writes.
 */
export interface Records {
  find(kind: string, id: string): RecordValue | undefined;
  /**
   * @param expiresAt milliseconds since 1970
   * @param group records of one group can be deleted together
   */
  put(kind: string, id: string, value: RecordValue, expiresAt: number, group?: string): Promise<void>;
  delete(kind: string, id: string): Promise<void>;
  deleteGroup(group: string): Promise<void>;
  /** Inside a transaction. */
  findIn(writer: StoreWriter, kind: string, id: string): RecordValue | undefined;
}

const RECORDS = 'bridge/records';
/** SHA-256 of the group, then the key of the record. */
const GROUPS = 'bridge/groups';
const EXPIRY = 'bridge/expiry';
/**
 * Kinds of which nobody was told that they last. Lost with a death of the process, the person is asked once
 * more or sent back to the app; the code and tokens that come of them are durable, and with these all before.
 */
const PASSING = new Set(['Interaction', 'Grant', 'grant-terms', 'login', 'attributes']);
/** Clearing is spread: never more than this many at once, never more often than this. */
const PURGED_AT_ONCE = 256;
const PURGE_EVERY_MS = 100;
const EXPIRY_BYTES = 8;
const NOTHING = new Uint8Array();

export interface RecordsOptions {
  readonly unit: UnitOfWork;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Decoded values kept in memory. */
  readonly cached?: number;
}

export function createRecords({ unit, sealer, clock, cached = 5_000 }: RecordsOptions): Records {
  const cache = createCache(cached);
  const keyOf = createNames(2 * cached);
  let purgedAt = 0;
  const purgeNow = (writer: StoreWriter): void => {
    const now = clock.now();
    if (Math.abs(now - purgedAt) < PURGE_EVERY_MS) return;
    purgedAt = now;
    purge(writer, now);
  };
  const decode = (key: Bytes, stored: Bytes): string => {
    const text = cache.get(key, stored);
    if (text !== undefined) return text;
    const opened = Buffer.from(sealer.open(contextOf(key), stored.subarray(EXPIRY_BYTES))).toString('utf8');
    cache.set(key, stored, opened);
    return opened;
  };
  const read = (key: Bytes, stored: Bytes | undefined): RecordValue | undefined => {
    if (stored === undefined || expiryOf(stored) <= clock.now()) return undefined;
    return JSON.parse(decode(key, stored));
  };
  return {
    find(kind, id) {
      const key = keyOf(kind, id);
      return read(key, unit.get(RECORDS, key));
    },
    findIn(writer, kind, id) {
      const key = keyOf(kind, id);
      return read(key, writer.get(RECORDS, key));
    },
    async put(kind, id, value, expiresAt, group) {
      const key = keyOf(kind, id);
      const text = JSON.stringify(value);
      const end = timeBytes(expiresAt);
      const stored = Buffer.concat([end, sealer.seal(contextOf(key), Buffer.from(text))]);
      cache.set(key, stored, text);
      const when: When = PASSING.has(kind) ? 'soon' : 'durable';
      await unit.put(RECORDS, key, stored, when);
      const entry = group === undefined ? NOTHING : Buffer.concat([keyOf('group', group), key]);
      await unit.defer((writer) => {
        writer.put(EXPIRY, Buffer.concat([end, key]), entry);
        if (entry.length > 0) writer.put(GROUPS, entry, NOTHING);
        purgeNow(writer);
      }, when);
    },
    delete: (kind, id) => unit.delete(RECORDS, keyOf(kind, id)),
    deleteGroup: (group) => unit.defer((writer) => deleteMembers(writer, keyOf('group', group))),
  };
}

function deleteMembers(writer: StoreWriter, from: Bytes): void {
  const to = Buffer.concat([from, Buffer.alloc(33, 0xff)]);
  for (const [entry] of [...writer.range(GROUPS, { from, to })]) {
    writer.delete(RECORDS, entry.subarray(from.length));
    writer.delete(GROUPS, entry);
  }
}

/** A record written again ends later: its older entry in the index must not take it along. */
function purge(writer: StoreWriter, now: number): void {
  const over = [...writer.range(EXPIRY, { to: timeBytes(now), limit: PURGED_AT_ONCE })];
  for (const [entry, member] of over) {
    const key = entry.subarray(EXPIRY_BYTES);
    const stored = writer.get(RECORDS, key);
    if (stored && expiryOf(stored) <= now) writer.delete(RECORDS, key);
    if (member.length > 0) writer.delete(GROUPS, member);
    writer.delete(EXPIRY, entry);
  }
}

/** Ids of our making are 43 characters; a stranger's may be as long as a request. */
const MAX_KEPT_NAME = 128;

/** SHA-256 names; those in use are looked up a dozen times while a sign-in lasts. */
function createNames(size: number): (kind: string, id: string) => Bytes {
  const names = new Map<string, Bytes>();
  return (kind, id) => {
    const plain = `${kind}\0${id}`;
    const known = names.get(plain);
    if (known) return known;
    const name = hash('sha256', plain, 'buffer');
    if (plain.length > MAX_KEPT_NAME) return name;
    if (names.size >= size) names.delete(names.keys().next().value as string);
    names.set(plain, name);
    return name;
  };
}

const contextOf = (key: Bytes): string => `bridge/record/${Buffer.from(key).toString('base64url')}`;

function timeBytes(milliseconds: number): Bytes {
  const bytes = Buffer.alloc(EXPIRY_BYTES);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(milliseconds))));
  return bytes;
}

function expiryOf(stored: Bytes): number {
  const view = new DataView(stored.buffer, stored.byteOffset, EXPIRY_BYTES);
  return view.getUint32(0) * 0x1_0000_0000 + view.getUint32(4);
}

/** Keyed by name and nonce, which every sealing has anew: it can never answer for another state of the store. */
function createCache(size: number) {
  const entries = new Map<string, string>();
  const name = (key: Bytes, stored: Bytes): string =>
    Buffer.from(key).toString('latin1') +
    Buffer.from(stored.buffer, stored.byteOffset + EXPIRY_BYTES, 12).toString('latin1');
  return {
    get: (key: Bytes, stored: Bytes): string | undefined => entries.get(name(key, stored)),
    set(key: Bytes, stored: Bytes, text: string): void {
      if (entries.size >= size) entries.delete(entries.keys().next().value as string);
      entries.set(name(key, stored), text);
    },
  };
}
