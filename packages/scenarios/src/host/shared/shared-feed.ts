import { decodeCbor, encodeCbor, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import type { BlockNotice } from '@attestel/ledger';
import { createChannels, EVENT_MODULE } from '@attestel/registry';
import { appendToFeed, receiversOf } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import { type LineBody, lineOfEntry } from '../logged-line.ts';
import { sharedLine } from './shared-lines.ts';

const TABLE = 'contract.shared-feed';
const PLACE = utf8('place');
/** Entries of the log that one transaction looks at. */
const PAGE = 1000;

/** Puts what every node executed into this party's feed, where it concerns the party. */
export interface SharedFeed {
  /** Looks at what the log has got since last time. */
  catchUp(): Promise<void>;
  /** Looks at a block, if it may hold such a line. */
  onBlock(block: BlockNotice): Promise<void>;
}

/** In the order of the log, each line once: the place in the log is kept in the transaction that adds to the feed. */
export function createSharedFeed(parts: HostParts): SharedFeed {
  let busy: Promise<void> = Promise.resolve();
  const catchUp = (): Promise<void> => {
    const done = busy.then(() => walk(parts));
    busy = done.catch(() => {});
    return done;
  };
  return {
    catchUp: () => (sharesAnything(parts) ? catchUp() : Promise.resolve()),
    onBlock: ({ operations }) =>
      operations.some(({ operation: { payload } }) => isShared(payload)) ? catchUp() : Promise.resolve(),
  };
}

const isShared = ({ module, kind, body }: { module: string; kind: string; body: unknown }): boolean =>
  module === EVENT_MODULE && kind === 'line' && (body as LineBody).shared !== null;

const sharesAnything = ({ ledger, store }: HostParts): boolean =>
  store.get(TABLE, PLACE) !== undefined ||
  createChannels(ledger, () => ledger.head().time)
    .channels()
    .some(({ shared }) => shared.length > 0);

async function walk(parts: HostParts): Promise<void> {
  const { ledger, store } = parts;
  for (let from = placeOf(store); from < ledger.head().size; from = placeOf(store)) {
    // A node that began with a snapshot lacks what was before: it goes on behind that.
    const limit = Math.min(PAGE, ledger.head().size - from);
    const entries = [...ledger.entries(from, limit)];
    const found = entries.flatMap(({ bytes }) => concerning(parts, bytes));
    const fed = await store.transact((writer) => {
      writer.put(TABLE, PLACE, encodeCbor(from + limit));
      return found.map((one) => ({ ...one, number: appendToFeed(writer, one.channel, one.line) }));
    });
    for (const line of fed) parts.folded(line);
  }
}

const placeOf = (reader: StoreReader | StoreWriter): number => {
  const found = reader.get(TABLE, PLACE);
  return found ? (decodeCbor(found) as number) : 0;
};

/** The line of an entry, if nodes executed it, this host runs its module, and it tells this party something. */
function concerning(
  parts: HostParts,
  bytes: Uint8Array,
): readonly { readonly channel: string; readonly line: string }[] {
  const logged = lineOfEntry(bytes);
  const shared = logged?.body.shared ? sharedLine(parts, logged.line) : undefined;
  if (!logged || !shared) return [];
  const { channel, payload } = shared;
  const isKnown = parts.modules.all.some(({ digest }) => digest === payload.module);
  const me = parts.party.did;
  const isTold =
    parts.view.channelsOf(me).includes(channel) && receiversOf(parts, channel, payload.parties).includes(me);
  return isKnown && isTold ? [{ channel, line: logged.line }] : [];
}
