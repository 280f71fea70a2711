import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { digestOfModule } from '../../module/declaration.ts';
import { type Key, listOf, type Match, matches } from '../../module/lookups.ts';
import type { Module, Reader, Row } from '../../module/module.ts';
import { isOverseen } from '../access/oversight.ts';
import { refold } from '../fold/refold.ts';
import type { HostParts } from '../host-parts.ts';
import { isShared, listSharedObjects } from '../shared/shared-objects.ts';
import { findObjects } from '../store/object-index.ts';
import { listObjectRows, type ObjectRow, readObjectRow } from '../store/object-rows.ts';

/** Objects that may still be looked at. */
export interface Budget {
  left: number;
  /** Whether one was shown to its reader as regulator or auditor alone. */
  overseen?: boolean;
}

export interface Finding {
  readonly channel: string;
  readonly module: Module;
  readonly reader: Reader;
  /** The reader without its office, where it has one. */
  readonly plain: Reader | undefined;
  readonly at: number | undefined;
  /** Also those that the reader may not see, as they are. */
  readonly all: boolean;
  readonly match: Match;
  /** Ids up to this one are left out. */
  readonly after?: string | undefined;
  readonly budget: Budget;
}

/**
 * Objects of a module that fit, as the reader sees them, in the order of their ids. What the reader does not see of an
 * object does not find it. @throws AppError query_too_wide
 */
export function* rowsOf(parts: HostParts, finding: Finding): Iterable<Row<JsonValue>> {
  const { module, match, budget } = finding;
  const shared = isShared(parts.ledger, finding.channel, digestOfModule(module));
  for (const row of candidates(parts, finding, shared)) {
    if (budget.left === 0) throw fail('query_too_wide');
    budget.left -= 1;
    const shown = matches(module, row, match) ? shownTo(finding, row) : undefined;
    if (!shown) continue;
    // What every node has executed is nobody's alone.
    if (!shared && !finding.all && isOverseen(module, row.state, finding.plain)) budget.overseen = true;
    yield shown;
  }
}

function shownTo({ module, reader, all, match }: Finding, row: Row<JsonValue>): Row<JsonValue> | undefined {
  if (all) return row;
  if (!module.visible(row.state, reader)) return undefined;
  if (!module.view) return row;
  const shown = { id: row.id, state: module.view(row.state, reader) };
  return matches(module, shown, match) ? shown : undefined;
}

/** All objects that may fit, and as few others as is easily done. */
function candidates(parts: HostParts, finding: Finding, shared: boolean): Iterable<Row<JsonValue>> {
  const { channel, module, at, after = '' } = finding;
  if (!shared) return keptRows(parts, finding);
  return listSharedObjects(parts, { channel, module: module.name, at }).filter(({ id }) => id > after);
}

function* keptRows(parts: HostParts, finding: Finding): Iterable<Row<JsonValue>> {
  const { channel, module, at } = finding;
  for (const [id, newest] of storedRows(parts, finding)) {
    const name = { channel, module: module.name, id };
    const row =
      at === undefined ? newest : refold(parts, parts.store, name, { count: newest.count, until: at });
    if (row) yield { id, state: row.state };
  }
}

function* storedRows(parts: HostParts, finding: Finding): Iterable<readonly [id: string, row: ObjectRow]> {
  const { store, vault } = parts;
  const { channel, after } = finding;
  const module = finding.module.name;
  const ids = idsOf(parts, finding);
  if (!ids) return yield* listObjectRows(store, vault, { channel, module, after });
  for (const id of ids) {
    const row = readObjectRow(store, vault, { channel, module, id });
    if (row) yield [id, row];
  }
}

/** Ids by one index that the match names; undefined where there is none that can tell. */
function idsOf(
  parts: HostParts,
  { module, match, at, after, channel }: Finding,
): Iterable<string> | undefined {
  if (match.id !== undefined) return sortedIds(listOf(match.id).filter(isText), after);
  // What was once so no index knows, and an older version of the module may find by other rules.
  if (at !== undefined || parts.modules.named(module.name).module !== module) return undefined;
  const [first] = Object.entries(match).filter(([, wanted]) => wanted !== undefined);
  if (!first) return undefined;
  const [index, wanted] = first;
  const find = (key: Key): Iterable<string> =>
    findObjects(parts.store, parts.vault, { channel, module: module.name, index, key, after });
  const keys = listOf(wanted);
  return keys.length === 1
    ? find(keys[0] as Key)
    : sortedIds(
        keys.flatMap((key) => [...find(key)]),
        after,
      );
}

const isText = (key: Key): key is string => typeof key === 'string';

const sortedIds = (ids: readonly string[], after = ''): readonly string[] =>
  [...new Set(ids)].filter((id) => id > after).sort();
