import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '@attestel/core';

/**
 * Replaces a file so that after a crash at any point it is the old one or the new one, whole. A crash
 * before the rename leaves `<path>.tmp` behind, which the next write removes. Mode 0600.
 */
export async function replaceFile(path: string, content: Bytes): Promise<void> {
  const temporary = `${path}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(temporary, { force: true });
  // Exclusive: never writes through a link or into a file with other permissions.
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** The rename itself is durable only once the directory is. Windows cannot open directories. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
