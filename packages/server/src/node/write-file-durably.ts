import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '@attestel/core';

/** Writes a file so that after a crash it is there whole or not at all. */
export async function writeFileDurably(path: string, bytes: Bytes): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
