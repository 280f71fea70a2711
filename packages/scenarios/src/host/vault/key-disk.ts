import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '@attestel/core';

/** Where the key file lies. What a call was asked to write is durable when it resolves. */
export interface KeyDisk {
  /** Undefined where there is no file yet. */
  read(): Promise<Bytes | undefined>;
  append(bytes: Bytes): Promise<void>;
  /** After a crash at any point the file is the old one or the new one, whole. */
  replace(bytes: Bytes): Promise<void>;
}

/** A file of mode 0600. One process writes it: the one that has the store open. */
export function createKeyDisk(path: string): KeyDisk {
  return {
    async read() {
      try {
        return new Uint8Array(await readFile(path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    append: (bytes) => write(path, 'a', bytes),
    async replace(bytes) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rm(`${path}.tmp`, { force: true });
      // Exclusive: never through a link, nor into a file with other permissions.
      await write(`${path}.tmp`, 'wx', bytes);
      await rename(`${path}.tmp`, path);
      await syncFolder(dirname(path));
    },
  };
}

async function write(path: string, flags: 'a' | 'wx', bytes: Bytes): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rename itself is durable only once the folder is. Windows cannot open folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
