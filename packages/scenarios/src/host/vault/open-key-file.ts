import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { type Bytes, concatBytes, type Random, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Vault } from '../ports.ts';
import type { KeyDisk } from './key-disk.ts';
import {
  encodeRecord,
  type FileKey,
  KEY_BYTES,
  keyFileHeader,
  type NamedKey,
  NONCE_BYTES,
  readKeyFile,
  SALT_BYTES,
  saltOf,
  wrappingMessage,
} from './key-file-format.ts';

export interface KeyFileOptions {
  readonly disk: KeyDisk;
  /** HMAC-SHA-256 by a derivation key of the party's key store: the file opens nowhere without it. */
  mac(message: Bytes): Promise<Bytes>;
  readonly random: Random;
}

interface Waiting {
  readonly keys: readonly NamedKey[];
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
  const keys = new Map<string, Bytes>();
  let file: FileKey | undefined;
  let records = 0;
  // Whether the file may not be what `keys` says: then it is written anew, before anything is appended.
  let unclear = found === undefined;
  if (found) {
    file = await fileKeyOf(options, saltOf(found));
    const read = readKeyFile(found, file);
    for (const [name, key] of read.keys) keys.set(name, key);
    records = read.records;
    unclear = read.torn;
  }

  async function rewrite(): Promise<void> {
    unclear = true;
    const next = await fileKeyOf(options, random.bytes(SALT_BYTES));
    const record = keys.size === 0 ? [] : [encodeRecord(next, 0, random.bytes(NONCE_BYTES), [...keys])];
    await disk.replace(concatBytes(keyFileHeader(next.salt), ...record));
    [file, records, unclear] = [next, record.length, false];
  }

  async function append(added: readonly NamedKey[]): Promise<void> {
    if (unclear || !file) await rewrite();
    const bytes = encodeRecord(file as FileKey, records, random.bytes(NONCE_BYTES), added);
    unclear = true;
    await disk.append(bytes);
    unclear = false;
    records += 1;
    for (const [name, key] of added) keys.set(name, key);
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
    // Two may have asked for one name: the first key counts.
    const added = new Map(batch.flatMap((one) => one.keys).reverse());
    const news = [...added].filter(([name]) => !keys.has(name)).reverse();
    try {
      if (news.length > 0) await append(news);
      for (const one of batch) one.resolve();
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  }

  const keyOf = (name: string): Bytes => {
    const key = keys.get(name);
    if (!key) throw new TypeError('vault: no such key');
    return key;
  };
  return {
    has: (name) => keys.has(name),
    make(names) {
      const missing = names.filter((name) => !keys.has(name));
      if (missing.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const made = missing.map((name): NamedKey => [name, random.bytes(KEY_BYTES)]);
        waiting.push({ keys: made, resolve, reject });
        if (waiting.length === 1) void alone(flush);
      });
    },
    seal: (name, plain) => seal(keyOf(name), random.bytes(NONCE_BYTES), { name, plain }),
    open: (name, sealed) => unseal(keyOf(name), name, sealed),
    destroy: (names) =>
      alone(async () => {
        const present = names.filter((name) => keys.has(name));
        for (const name of present) keys.delete(name);
        if (present.length > 0 || unclear) await rewrite();
      }),
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
