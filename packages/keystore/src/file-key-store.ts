import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Bytes, type Clock, equalBytes, type Random, systemClock, systemRandom } from '@attestel/core';
import { fail } from './errors.ts';
import {
  assertCost,
  DEFAULT_SCRYPT_N,
  deriveFileKey,
  FORMAT,
  NONCE_BYTES,
  openKeyFile,
  parseKeyFile,
  SALT_BYTES,
  sealKeyFile,
} from './key-file.ts';
import type { KeyStore } from './port.ts';
import { replaceFile } from './replace-file.ts';
import { createSoftwareKeyStore, type SoftwareKeys } from './software-key-store.ts';

export interface FileKeyStoreOptions {
  readonly path: string;
  readonly passphrase: string;
  /**
   * For names of keys whose caller chose none. Keys, salt and nonces come from OpenSSL: a seeded
   * generator here would repeat nonces under one key, which breaks GCM.
   */
  readonly random?: Random;
  readonly clock?: Clock;
  /**
   * Cost for a new file, a power of two; an existing file keeps its own. Lower it only where the passphrase
   * protects nothing, as in tests and the demo.
   */
  readonly scryptN?: number;
  /** Writes the file durably and atomically. Replaced in tests of failures. */
  readonly replace?: (path: string, content: Bytes) => Promise<void>;
}

/**
 * Keys in one encrypted file (scrypt, AES-256-GCM), rewritten whole at each change. A missing file is
 * created at once, so that a mistyped passphrase shows at the second start and not at the first loss.
 * @throws AppError key_file_locked (wrong passphrase), key_file_corrupt
 */
export async function openFileKeyStore(options: FileKeyStoreOptions): Promise<KeyStore> {
  if (options.passphrase === '') throw new TypeError('key store: empty passphrase');
  const replace = options.replace ?? replaceFile;
  const existing = await readIfPresent(options.path);
  const parsed = existing && parseKeyFile(existing);
  const n = parsed?.header.n ?? options.scryptN ?? DEFAULT_SCRYPT_N;
  assertCost(n);
  const salt = parsed?.header.salt ?? randomBytes(SALT_BYTES);
  const fileKey = await deriveFileKey(options.passphrase, n, salt);
  const initial: SoftwareKeys = parsed ? openKeyFile(parsed, fileKey) : new Map();

  let current = existing;
  const persist = async (next: SoftwareKeys): Promise<void> => {
    // Two processes with one file would silently drop each other's keys: notice, and change nothing.
    if (!sameContent(await readIfPresent(options.path), current)) throw fail('key_file_changed');
    const header = { format: FORMAT, n, salt, nonce: randomBytes(NONCE_BYTES) } as const;
    const content = sealKeyFile(header, fileKey, next);
    await replace(options.path, content);
    current = content;
  };
  if (!existing) await persist(initial);
  return createSoftwareKeyStore({
    storage: 'encrypted-file',
    initial,
    persist,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  });
}

async function readIfPresent(path: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const sameContent = (a: Bytes | undefined, b: Bytes | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equalBytes(a, b);
