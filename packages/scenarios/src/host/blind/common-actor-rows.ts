import { fromUtf8, type JsonValue, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import type { Vault } from '../ports.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import { afterPrefix, TABLES } from '../store/tables.ts';

const KEY_NAME = 'common-actors';

/** A DID in whose name all writers of a channel write lines of blind modules. */
export interface CommonActor {
  readonly did: string;
  /** Seed of its ledger key, 32 bytes in hex. */
  readonly seed: string;
  /** Whether this party made it, so that it knows who was given the key. */
  readonly mine: boolean;
  readonly givenTo: readonly string[];
}

type Kept = Pick<{ readonly vault: Vault }, 'vault'> & { readonly store: StoreReader };

export const listActors = ({ vault, store }: Kept, channel: string): readonly CommonActor[] =>
  rowsOf(store, vault, channel);

function rowsOf(reader: StoreReader, vault: Vault, channel: string): readonly CommonActor[] {
  const from = `${channel}|`;
  return Array.from(
    reader.range(TABLES.commonActor, { from: utf8(from), to: afterPrefix(from) }),
    ([key, sealed]) => ({
      did: fromUtf8(key.subarray(from.length)),
      ...openJson<Omit<CommonActor, 'did'>>(vault, KEY_NAME, sealed),
    }),
  );
}

/** Makes ready for {@link writeActor}. */
export const prepareActors = (vault: Vault): Promise<void> => vault.make([KEY_NAME]);

export function writeActor(
  writer: StoreWriter,
  vault: Vault,
  channel: string,
  { did, ...row }: CommonActor,
): void {
  writer.put(
    TABLES.commonActor,
    utf8(`${channel}|${did}`),
    sealJson(vault, KEY_NAME, row as unknown as JsonValue),
  );
}

export const deleteActor = (writer: StoreWriter, channel: string, did: string): void =>
  writer.delete(TABLES.commonActor, utf8(`${channel}|${did}`));
