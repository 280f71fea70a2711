import type { JsonValue } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { listObjectRows, type ObjectRow, readObjectRow } from '../store/object-rows.ts';

export interface ObjectAbout {
  readonly module: Module;
  readonly id: string;
  readonly row: ObjectRow;
}

/** What this party has of another object of the channel. */
export const readIn =
  (parts: HostParts, channel: string) =>
  (module: string, id: string): JsonValue | undefined =>
    readObjectRow(parts.store, parts.vault, { channel, module, id })?.state;

/** Objects of a channel that are about a person, as this party has them: by module, in the order of their ids. */
export function* objectsAbout(parts: HostParts, channel: string, subject: string): Iterable<ObjectAbout> {
  const read = readIn(parts, channel);
  for (const { module } of newest(parts)) {
    if (!module.subjectOf) continue;
    for (const [id, row] of listObjectRows(parts.store, parts.vault, { channel, module: module.name }))
      if (module.subjectOf(row.state, read) === subject) yield { module, id, row };
  }
}

/** Rows are kept by name: of several versions of a module one is enough. */
const newest = ({ modules }: HostParts) =>
  modules.all.filter(({ module }) => modules.named(module.name).module === module);
