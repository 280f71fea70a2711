import { fromUtf8, toBase64, utf8 } from '@attestel/core';

type Encoding = 'utf-8' | 'base64';

/** A byte array that can be read as text, as far as the protocol libraries do that. */
class TextBytes extends Uint8Array {
  override toString(encoding?: Encoding): string {
    return encoding === 'base64' ? toBase64(this) : fromUtf8(this);
  }
}

/**
 * The four uses that the protocol libraries make of Node's Buffer. Stands in for a general polyfill,
 * which would be the largest single file of the bundle.
 */
export const Buffer = {
  from(data: string | ArrayLike<number>, encoding: Encoding = 'utf-8'): TextBytes {
    if (typeof data !== 'string') return TextBytes.from(data) as TextBytes;
    return TextBytes.from(encoding === 'base64' ? decodeBase64(data) : utf8(data)) as TextBytes;
  },
};

/** Both alphabets, with or without padding, as Buffer reads them. */
function decodeBase64(text: string): Uint8Array {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}
