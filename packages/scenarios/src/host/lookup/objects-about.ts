import type { JsonValue } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { findObjects } from '../store/object-index.ts';
import { type ObjectRow, readObjectRow } from '../store/object-rows.ts';

export interface NameAbout {
  readonly module: Module;
  readonly id: string;
}

export interface ObjectAbout extends NameAbout {
  readonly row: ObjectRow;
}

/** Objects of one module about one person in one channel that an answer is made from, at most. */
export const MAX_ABOUT = 10_000;

/** What this party has of another object of the channel. */
export const readIn =
  (parts: HostParts, channel: string) =>
  (module: string, id: string): JsonValue | undefined =>
    readObjectRow(parts.store, parts.vault, { channel, module, id })?.state;

/** Objects that may be about a person, as the indexes have them. */
export interface NamesAbout {
  /** By module, in the order of their ids. */
  readonly names: readonly NameAbout[];
  /** Modules of which there are more than `most`, and some are left out. */
  readonly cut: readonly string[];
}

/**
 * Found by the indexes that modules declare in `about`: nothing that is about others is opened.
 * @param most of each module
 */
export function namesAbout(parts: HostParts, channel: string, subject: string, most = MAX_ABOUT): NamesAbout {
  const known = new Map<string, ReadonlySet<string>>();
  const cut: string[] = [];
  const idsOf = ({ name, about }: Module): ReadonlySet<string> => {
    const before = known.get(name);
    if (before || !about) return before ?? new Set();
    // What leads to itself leads to nothing more.
    known.set(name, new Set());
    const keys = about.of === undefined ? [subject] : idsOf(parts.modules.named(about.of).module);
    const { ids, isCut } = idsUnder(parts, { channel, module: name, index: about.index, keys, most });
    if (isCut) cut.push(name);
    known.set(name, ids);
    return ids;
  };
  const names = newest(parts).flatMap(({ module }) =>
    [...idsOf(module)].sort().map((id) => ({ module, id })),
  );
  return { names, cut };
}

interface Under {
  readonly channel: string;
  readonly module: string;
  readonly index: string;
  readonly keys: Iterable<string>;
  readonly most: number;
}

function idsUnder({ store, vault }: HostParts, { keys, most, ...place }: Under) {
  const ids = new Set<string>();
  for (const key of keys)
    for (const id of findObjects(store, vault, { ...place, key })) {
      if (ids.size === most && !ids.has(id)) return { ids, isCut: true };
      ids.add(id);
    }
  return { ids, isCut: false };
}

/** Objects of a channel that are about a person, as this party has them: by module, in the order of their ids. */
export function* objectsAbout(
  parts: HostParts,
  channel: string,
  subject: string,
  most = MAX_ABOUT,
): Iterable<ObjectAbout> {
  for (const name of namesAbout(parts, channel, subject, most).names) {
    const found = objectAbout(parts, channel, subject, name);
    if (found) yield found;
  }
}

/** The object, if it is about the person; undefined where the index is behind or it is about somebody else. */
export function objectAbout(
  parts: HostParts,
  channel: string,
  subject: string,
  { module, id }: NameAbout,
): ObjectAbout | undefined {
  const row = readObjectRow(parts.store, parts.vault, { channel, module: module.name, id });
  const isAbout = row && module.subjectOf?.(row.state, readIn(parts, channel)) === subject;
  return isAbout ? { module, id, row } : undefined;
}

/** Rows are kept by name: of several versions of a module one is enough. */
const newest = ({ modules }: HostParts) =>
  modules.all.filter(({ module }) => modules.named(module.name).module === module);
