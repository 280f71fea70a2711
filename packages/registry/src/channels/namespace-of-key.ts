import { EVENT_MODULE } from '../event/records.ts';
import { MAIN_CHANNEL } from './channel-name.ts';
import { CHANNEL_MODULE } from './records.ts';

/** What the keys of both modules have between the channel's name and the rest; no name holds it. */
const SEPARATOR = '|';
const CHANNEL_PREFIX = /^(?:channel|member|key)\//;

/** The channel that a key of the ledger's state belongs to. Keys of all other modules belong to `main`. */
export function namespaceOfKey(module: string, key: string): string {
  const [start = ''] = key.split(SEPARATOR, 1);
  if (module === EVENT_MODULE) return start;
  if (module === CHANNEL_MODULE) return start.replace(CHANNEL_PREFIX, '');
  return MAIN_CHANNEL;
}
