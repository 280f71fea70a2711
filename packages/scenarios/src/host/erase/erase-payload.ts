import { type CborValue, decodeCbor, encodeCbor, toHex } from '@attestel/core';
import { fail } from '../../errors.ts';
import { receiversOf } from '../fold/fold-line.ts';
import { refold } from '../fold/refold.ts';
import type { HostParts } from '../host-parts.ts';
import { nowOf } from '../queries/read-objects.ts';
import { RECEIVING } from '../receive/advance.ts';
import {
  type ObjectName,
  objectKeyName,
  readObjectRow,
  readStoredRow,
  writeObjectRow,
} from '../store/object-rows.ts';
import {
  type Erased,
  openKept,
  payloadKeyName,
  readPayloadRecord,
  writePayloadRecord,
} from '../store/payload-records.ts';
import { lineKey, TABLES } from '../store/tables.ts';

export interface EraseRequest {
  /** Hex. */
  readonly line: string;
  /** Who asks, already authenticated: the host's own party. */
  readonly actor: string;
}

export interface Erasure {
  readonly line: string;
  /** Unix seconds. */
  readonly time: number;
  /** Other organisations that were given the payload: what they keep is theirs to erase. */
  readonly heldBy: readonly string[];
}

interface ErasingRow extends Erased {
  readonly channel: string;
}

/**
 * Erases a payload here: its key, and the keys of all states that were folded from it, leave the key file. The states
 * are folded anew around the gap. After a crash it is either whole or, from the moment when the intent is durable,
 * gone before the host opens again. Twice is no harm. @throws AppError permission_denied, not_found
 */
export async function erasePayload(parts: HostParts, { line, actor }: EraseRequest): Promise<Erasure> {
  if (actor !== parts.party.did) throw fail('permission_denied');
  return parts.lock.run([RECEIVING], async () => {
    const record = readPayloadRecord(parts.store, line);
    if (!record) throw fail('not_found');
    if (record.erased) return erasureOf(parts, line, record.erased);
    if (!record.sealed) throw fail('vault_damaged');
    const { payload } = openKept(parts.vault, line, record.sealed);
    const { channel } = record;
    const row: ErasingRow = {
      channel,
      time: nowOf(parts),
      module: parts.modules.find(payload.module).module.name,
      objects: payload.objects.map(({ id }) => id),
      parties: receiversOf(parts, channel, payload.parties),
    };
    const value = encodeCbor(row as unknown as CborValue);
    await parts.store.transact((writer) => writer.put(TABLES.erasing, lineKey(line), value));
    await goOn(parts, line, row);
    return erasureOf(parts, line, row);
  });
}

/** Ends what a crash cut off. */
export async function resumeErasing(parts: HostParts): Promise<void> {
  for (const [key, value] of [...parts.store.range(TABLES.erasing)])
    await goOn(parts, toHex(key), decodeCbor(value) as unknown as ErasingRow);
}

const erasureOf = ({ party }: HostParts, line: string, { time, parties }: Erased): Erasure => ({
  line,
  time,
  heldBy: parties.filter((did) => did !== party.did),
});

/** Every step can be done again: states first, then the keys, and only then the intent is forgotten. */
async function goOn(parts: HostParts, line: string, row: ErasingRow): Promise<void> {
  const names = row.objects.map((id): ObjectName => ({ channel: row.channel, module: row.module, id }));
  if (readPayloadRecord(parts.store, line)?.sealed) await foldAround(parts, line, row, names);
  const old = names.flatMap((name) => {
    const generation = readObjectRow(parts.store, parts.vault, name)?.generation ?? 0;
    return Array.from({ length: generation }, (_, before) => objectKeyName(name, before));
  });
  await parts.vault.destroy([payloadKeyName(line), ...old]);
  await parts.store.transact((writer) => writer.delete(TABLES.erasing, lineKey(line)));
}

async function foldAround(
  parts: HostParts,
  line: string,
  { channel, ...erased }: ErasingRow,
  names: readonly ObjectName[],
): Promise<void> {
  const { store, vault } = parts;
  await vault.make(
    names.flatMap((name) => {
      const generation = readObjectRow(store, vault, name)?.generation;
      return generation === undefined ? [] : [objectKeyName(name, generation + 1)];
    }),
  );
  await store.transact((writer) => {
    const verdict = readPayloadRecord(writer, line)?.verdict ?? 'unchecked';
    writePayloadRecord(writer, line, { channel, verdict, sealed: null, erased });
    for (const name of names) {
      const before = readStoredRow(writer, vault, name);
      const made = before && refold(parts, writer, name, { count: before.row.count });
      if (!made) continue;
      const row = { ...before.row, state: made.state, generation: before.row.generation + 1 };
      writeObjectRow(writer, parts, name, { row, before });
    }
  });
}
