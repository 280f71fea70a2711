import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type Bytes, concatBytes, type Random, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Vault } from '../ports.ts';
import type { KeyDisk } from './key-disk.ts';
import {
  encodeRecord,
  type FileKey,
  keyFileHeader,
  NONCE_BYTES,
  readKeyFile,
  SALT_BYTES,
  saltOf,
  wrappingMessage,
} from './key-file-format.ts';
import { createKeyTable, ENTRY_BYTES, KEY_BYTES, NAME_BYTES, shortName } from './key-table.ts';

export interface KeyFileOptions {
  readonly disk: KeyDisk;
  /** HMAC-SHA-256 by a derivation key of the party's key store: the file opens nowhere without it. */
  mac(message: Bytes): Promise<Bytes>;
  readonly random: Random;
}

interface Waiting {
  /** Names and keys, side by side. */
  readonly entries: Bytes;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keys of what a host keeps. New ones are appended, many at a time with one flush; to destroy some, the file is
 * written anew without them. @throws AppError vault_damaged
 */
export async function openKeyFile(options: KeyFileOptions): Promise<Vault> {
  const { disk, random } = options;
  const found = await disk.read();
  const keys = createKeyTable();
  let file: FileKey | undefined;
  let records = 0;
  // Whether the file may not be what `keys` says: then it is written anew, before anything is appended.
  let unclear = found === undefined;
  if (found) {
    file = await fileKeyOf(options, saltOf(found));
    const read = readKeyFile(found, file, keys.add);
    records = read.records;
    unclear = read.torn;
  }

  async function rewrite(): Promise<void> {
    unclear = true;
    const next = await fileKeyOf(options, random.bytes(SALT_BYTES));
    const written = Array.from(keys.pieces(), (entries, number) =>
      encodeRecord(next, number, random.bytes(NONCE_BYTES), entries),
    );
    await disk.replace(concatBytes(keyFileHeader(next.salt), ...written));
    [file, records, unclear] = [next, written.length, false];
  }

  async function append(entries: Bytes): Promise<void> {
    if (unclear || !file) await rewrite();
    const bytes = encodeRecord(file as FileKey, records, random.bytes(NONCE_BYTES), entries);
    unclear = true;
    await disk.append(bytes);
    unclear = false;
    records += 1;
    keys.add(entries);
    entries.fill(0);
  }

  // One writer at a time, in the order of the calls.
  let busy: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = busy.then(work);
    busy = done.catch(() => {});
    return done;
  };
  let waiting: Waiting[] = [];
  async function flush(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      // Two may have asked for one name: the first key counts, here and when the file is read.
      await append(concatBytes(...batch.map(({ entries }) => entries)));
      for (const one of batch) one.resolve();
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  }

  const nonces = createNonces(random);
  const keyOf = (name: string): Bytes => {
    const key = keys.get(shortName(name));
    if (!key) throw new TypeError('vault: no such key');
    return key;
  };
  // Few names have a key for this, and it is asked for often.
  const macKeys = new Map<string, KeyObject>();
  const macKeyOf = (name: string): KeyObject => {
    const key = macKeys.get(name) ?? createSecretKey(keyOf(name));
    macKeys.set(name, key);
    return key;
  };
  return {
    has: (name) => keys.get(shortName(name)) !== undefined,
    make(names) {
      const missing = names.map(shortName).filter((name) => !keys.get(name));
      if (missing.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ entries: newEntries(missing, random), resolve, reject });
        if (waiting.length === 1) void alone(flush);
      });
    },
    seal: (name, plain) => seal(keyOf(name), nonces(), { name, plain }),
    open: (name, sealed) => unseal(keyOf(name), name, sealed),
    mac: (name, message) => new Uint8Array(createHmac('sha256', macKeyOf(name)).update(message).digest()),
    destroy: (names) =>
      alone(async () => {
        macKeys.clear();
        const gone = names.map(shortName).filter((name) => keys.delete(name));
        if (gone.length > 0 || unclear) await rewrite();
      }),
  };
}

/** Names with fresh keys, side by side. */
function newEntries(names: readonly Bytes[], random: Random): Bytes {
  const entries = new Uint8Array(names.length * ENTRY_BYTES);
  for (const [i, name] of names.entries()) {
    entries.set(name, i * ENTRY_BYTES);
    entries.set(random.bytes(KEY_BYTES), i * ENTRY_BYTES + NAME_BYTES);
  }
  return entries;
}

/** Random nonces, drawn many at a time: asking for twelve bytes costs as much as for thousands. */
function createNonces(random: Random): () => Bytes {
  let drawn: Bytes = new Uint8Array();
  return () => {
    if (drawn.length === 0) drawn = random.bytes(NONCE_BYTES * 256);
    const nonce = drawn.subarray(0, NONCE_BYTES);
    drawn = drawn.subarray(NONCE_BYTES);
    return nonce;
  };
}

async function fileKeyOf({ mac }: KeyFileOptions, salt: Bytes): Promise<FileKey> {
  return { salt, wrap: await mac(wrappingMessage(salt)) };
}

const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

function seal(key: Bytes, nonce: Bytes, { name, plain }: { name: string; plain: Bytes }): Bytes {
  // As a key object: Node asks bytes for longer what they are than it takes to encrypt.
  const cipher = createCipheriv(CIPHER, createSecretKey(key), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(utf8(name));
  return concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

function unseal(key: Bytes, name: string, sealed: Bytes): Bytes {
  try {
    const cut = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, createSecretKey(key), sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(utf8(name));
    decipher.setAuthTag(sealed.subarray(cut));
    return concatBytes(decipher.update(sealed.subarray(NONCE_BYTES, cut)), decipher.final());
  } catch {
    throw fail('vault_damaged');
  }
}
