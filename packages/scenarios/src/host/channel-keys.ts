import { type Bytes, fromHex, type StoreReader, type StoreWriter, toHex, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Vault } from './ports.ts';
import { openJson, sealJson } from './store/sealed-json.ts';
import { TABLES } from './store/tables.ts';

const KEY_NAME = 'channel-keys';

/** Keys from which the tokens of a channel are made; all writers have them, nobody else. */
export interface ChannelKeys {
  find(channel: string): Bytes | undefined;
  /** Makes ready for `keep`. */
  prepare(): Promise<void>;
  /** Keeps a fresh key, unless somebody was quicker. */
  make(writer: StoreWriter, channel: string, key: Bytes): void;
  /** @throws AppError conflict where the channel has another key: its tokens would be taken twice */
  keep(writer: StoreWriter, channel: string, key: Bytes): void;
}

export function createChannelKeys(reader: StoreReader, vault: Vault): ChannelKeys {
  const find = (from: StoreReader, channel: string): Bytes | undefined => {
    const found = from.get(TABLES.channelKey, utf8(channel));
    return found && fromHex(openJson<string>(vault, KEY_NAME, found));
  };
  const put = (writer: StoreWriter, channel: string, key: Bytes): void =>
    writer.put(TABLES.channelKey, utf8(channel), sealJson(vault, KEY_NAME, toHex(key)));
  return {
    find: (channel) => find(reader, channel),
    prepare: () => vault.make([KEY_NAME]),
    // What the same flush writes only the transaction sees.
    make(writer, channel, key) {
      if (!find(writer, channel)) put(writer, channel, key);
    },
    keep(writer, channel, key) {
      const known = find(writer, channel);
      if (known && toHex(known) !== toHex(key)) throw fail('conflict', { field: '/key' });
      put(writer, channel, key);
    },
  };
}
