import { buffer } from 'node:stream/consumers';
import { type JsonValue, parseStrictJson, StrictJsonError } from '@attestel/core';
import { fail } from '../errors.ts';
import { readBytes } from '../read-bytes.ts';

/** As deep as nodes look. */
const LIMITS = { depth: 48 };

/**
 * JSON of a file, or of standard input for `-`, as strictly as nodes read it: what a name that comes twice means, nobody
 * can tell. @throws AppError option_invalid, with the rule
 */
export async function readParameters(file: string | undefined): Promise<JsonValue> {
  if (file === undefined) return {};
  const bytes = file === '-' ? await buffer(process.stdin) : await readBytes(file, '--in');
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), LIMITS);
  } catch (cause) {
    const rule = cause instanceof StrictJsonError ? cause.fault : 'invalid';
    throw fail('option_invalid', { field: `--in (JSON: ${rule.replaceAll('_', ' ')})`, cause });
  }
}
