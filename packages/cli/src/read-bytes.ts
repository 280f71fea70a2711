import { readFile } from 'node:fs/promises';
import { type Bytes, fromUtf8 } from '@attestel/core';
import { fail } from './errors.ts';
import { fromHere } from './paths.ts';

/** A file that an argument names. @throws AppError option_invalid, naming the field */
export async function readBytes(path: string, field: string): Promise<Bytes> {
  return new Uint8Array(
    await readFile(fromHere(path)).catch((cause: unknown) => {
      throw fail('option_invalid', { field: `${field} (a file that can be read)`, cause });
    }),
  );
}

/** The same as UTF-8 text. @throws AppError option_invalid, naming the field */
export async function readText(path: string, field: string): Promise<string> {
  const bytes = await readBytes(path, field);
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw fail('option_invalid', { field: `${field} (UTF-8)`, cause });
  }
}
