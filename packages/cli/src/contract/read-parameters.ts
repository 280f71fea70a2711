import { buffer } from 'node:stream/consumers';
import { fail } from '../errors.ts';
import { readBytes } from '../read-bytes.ts';

/** JSON of a file, or of standard input for `-`. @throws AppError option_invalid for what is no JSON */
export async function readParameters(file: string | undefined): Promise<unknown> {
  if (file === undefined) return {};
  try {
    const bytes = file === '-' ? await buffer(process.stdin) : await readBytes(file, '--in');
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw fail('option_invalid', { field: '--in (JSON)', cause });
  }
}
