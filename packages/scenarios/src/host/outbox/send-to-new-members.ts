import { type Bytes, decodeCbor, toHex, utf8 } from '@attestel/core';
import type { OperationPayload } from '@attestel/ledger';
import { CHANNEL_MODULE, REGISTRY_MODULE } from '@attestel/registry';
import { EVERYONE } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { openKept, type PayloadRecord } from '../store/payload-records.ts';
import { TABLES } from '../store/tables.ts';
import { putOutbox } from './outbox-rows.ts';

/** Whether an operation may bring new members into a channel. */
export const changesMembers = ({ module }: OperationPayload): boolean =>
  module === CHANNEL_MODULE || module === REGISTRY_MODULE;

/**
 * Whoever joined since gets what this party said to every member of a channel, whenever it was said. Whom it was sent
 * to is remembered in the same transaction, so a crash loses nobody.
 */
export async function sendToNewMembers(parts: HostParts, channels: readonly string[]): Promise<void> {
  for (const channel of channels) {
    const news = parts.view
      .membersOf(channel)
      .filter((did) => did !== parts.party.did && !parts.store.get(TABLES.member, memberKey(channel, did)));
    if (news.length === 0) continue;
    await parts.store.transact((writer) => {
      for (const line of saidToAll(parts, channel))
        for (const to of news) putOutbox(writer, { to, kind: 'payload', channel, line });
      for (const did of news) writer.put(TABLES.member, memberKey(channel, did), new Uint8Array());
    });
  }
}

const memberKey = (channel: string, did: string): Bytes => utf8(`${channel}|${did}`);

/** Lines that this party wrote to everybody, and those of the same objects before them. */
function saidToAll(parts: HostParts, channel: string): readonly string[] {
  const { store, vault, party, view, modules } = parts;
  const said = new Set<string>();
  const refs = new Map<string, Bytes>();
  for (const [key, value] of store.range(TABLES.payload)) {
    const record = decodeCbor(value) as unknown as PayloadRecord;
    if (record.channel !== channel || !record.sealed) continue;
    const line = toHex(key);
    const { payload } = openKept(vault, line, record.sealed);
    if (payload.party !== party.did || !payload.parties.includes(EVERYONE)) continue;
    said.add(line);
    const { name } = modules.find(payload.module).module;
    for (const { id } of payload.objects) refs.set(`${name}|${id}`, refOfObject(name, id));
  }
  return [...new Set([...refs.values()].flatMap((ref) => upToLast(view, channel, ref, said)))];
}

function upToLast(
  view: HostParts['view'],
  channel: string,
  ref: Bytes,
  said: ReadonlySet<string>,
): readonly string[] {
  const lines: string[] = [];
  let last = 0;
  const count = view.head(channel, ref)?.count ?? 0;
  for (let number = 1; number <= count; number += 1) {
    const line = view.lineAt(channel, ref, number);
    if (line === undefined) break;
    lines.push(line);
    if (said.has(line)) last = number;
  }
  return lines.slice(0, last);
}
