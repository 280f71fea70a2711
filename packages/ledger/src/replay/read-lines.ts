import { StringDecoder } from 'node:string_decoder';
import { fail } from '../errors.ts';

/** An operation of 900 kB as base64url, with room for its attachment and checkpoint. */
export const MAX_LINE_LENGTH = 3_000_000;

/**
 * Lines of an export as its bytes come in, without their ends. A stranger's file may be one line without end: no more
 * than the longest line is ever held. @throws AppError export_invalid for a longer one
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let number = 1;
  for await (const chunk of chunks) {
    const parts = decoder.write(Buffer.from(chunk)).split('\n');
    for (const [i, part] of parts.entries()) {
      rest += part;
      if (rest.length > MAX_LINE_LENGTH) throw fail('export_invalid', { field: `line ${number}` });
      if (i === parts.length - 1) continue;
      yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
      rest = '';
      number += 1;
    }
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
