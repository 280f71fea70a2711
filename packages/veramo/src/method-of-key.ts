import { multikeyToText } from '@attestel/core';
import type { DocumentContent } from '@attestel/did';
import type { IKey } from '@veramo/core-types';
import { multikeyOfKey } from './multikey-of-key.ts';

export type Method = DocumentContent['verificationMethods'][number];

/** A method is named by its key, so that a name never comes to mean another key. */
export function methodOf(
  key: Pick<IKey, 'type' | 'publicKeyHex'>,
  relationships: Method['relationships'],
): Method {
  const multikey = multikeyOfKey(key);
  return { fragment: multikeyToText(multikey), key: multikey, relationships };
}
