import {
  type Bytes,
  equalBytes,
  fromHex,
  type StoreReader,
  type StoreWriter,
  toHex,
  utf8,
} from '@attestel/core';
import { channelKeyCommitment } from '@attestel/registry';
import { fail } from '../errors.ts';
import type { Vault } from './ports.ts';
import { openJson, sealJson } from './store/sealed-json.ts';
import { TABLES } from './store/tables.ts';

const KEY_NAME = 'channel-keys';

/**
 * Keys from which the tokens of a channel are made; all writers have them, nobody else. Of each channel the one that
 * the ledger holds a commitment to, and no other: with a second key the same thing could be taken twice.
 */
export interface ChannelKeys {
  /** Undefined: this party does not have it, or the ledger has no commitment yet. */
  find(channel: string): Bytes | undefined;
  /** Makes ready for `propose` and `keep`. */
  prepare(): Promise<void>;
  /** Keeps a key that is going to be anchored, unless one is kept already. @returns the one that is kept */
  propose(writer: StoreWriter, channel: string, key: Bytes): Bytes;
  /** @throws AppError channel_key_missing where none is anchored, conflict where another one is */
  keep(writer: StoreWriter, channel: string, key: Bytes): void;
}

/** @param commitmentOf what the ledger holds of a channel's key */
export function createChannelKeys(
  reader: StoreReader,
  vault: Vault,
  commitmentOf: (channel: string) => Bytes | undefined,
): ChannelKeys {
  // Every command of a channel asks for its key: opened again where something else is stored.
  const opened = new Map<string, { readonly sealed: Bytes; readonly key: Bytes }>();
  const kept = (from: StoreReader, channel: string): Bytes | undefined => {
    const sealed = from.get(TABLES.channelKey, utf8(channel));
    if (!sealed) return undefined;
    const known = opened.get(channel);
    if (known && equalBytes(known.sealed, sealed)) return known.key;
    const key = fromHex(openJson<string>(vault, KEY_NAME, sealed));
    opened.set(channel, { sealed, key });
    return key;
  };
  const put = (writer: StoreWriter, channel: string, key: Bytes): void =>
    writer.put(TABLES.channelKey, utf8(channel), sealJson(vault, KEY_NAME, toHex(key)));
  // What a key commits to, of the one that was asked for last: the same is asked for every token.
  const made = new Map<string, { readonly key: Bytes; readonly commitment: Bytes }>();
  const madeBy = (channel: string, key: Bytes): Bytes => {
    const known = made.get(channel);
    if (known && equalBytes(known.key, key)) return known.commitment;
    const commitment = channelKeyCommitment(key, channel);
    made.set(channel, { key, commitment });
    return commitment;
  };
  const fits = (channel: string, key: Bytes): boolean => {
    const commitment = commitmentOf(channel);
    return commitment !== undefined && equalBytes(madeBy(channel, key), commitment);
  };
  return {
    find(channel) {
      const key = kept(reader, channel);
      return key && fits(channel, key) ? key : undefined;
    },
    prepare: () => vault.make([KEY_NAME]),
    // What the same flush writes only the transaction sees.
    propose(writer, channel, key) {
      const known = kept(writer, channel);
      if (!known) put(writer, channel, key);
      return known ?? key;
    },
    // In the place of one that was proposed here and never anchored.
    keep(writer, channel, key) {
      if (!commitmentOf(channel)) throw fail('channel_key_missing');
      if (!fits(channel, key)) throw fail('conflict', { field: '/key' });
      put(writer, channel, key);
    },
  };
}
