import { type Bytes, toHex } from '@attestel/core';
import { tokenOf } from '@attestel/registry';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { HostParts } from '../host-parts.ts';
import { ensureChannelKey } from '../share-channel-key.ts';

/** Name under which names of people are derived: no module, so that no token of one is ever such a name. */
const SUBJECTS = 'host.subject';
const NAME_BYTES = 16;

/** How an organisation names a person for itself: 128 random bits in hex, never a number or name of theirs. */
export const personName = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * Name of a person in one channel: the first 16 bytes of HMAC-SHA-256(channel key, `host.subject` ‖ 0 ‖ person), hex. In another
 * channel it is another one, and only who is told `person` can tell that both are the same.
 */
export const nameIn = (channelKey: Bytes, person: string): string =>
  toHex(tokenOf(channelKey, SUBJECTS, person).subarray(0, NAME_BYTES));

/** @throws AppError invalid_argument; channel_key_missing where the key has not come yet */
export async function subjectName(parts: HostParts, channel: string, person: string): Promise<string> {
  if (!personName.safeParse(person).success) throw fail('invalid_argument', { field: '/person' });
  await ensureChannelKey(parts, channel);
  const key = parts.channelKeys.find(channel);
  if (!key) throw fail('channel_key_missing');
  return nameIn(key, person);
}
