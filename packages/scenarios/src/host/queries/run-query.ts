import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { type Match, matchOf } from '../../module/lookups.ts';
import type { Module, Query, QueryRequest, Row } from '../../module/module.ts';
import { validatorOf } from '../../module/schemas.ts';
import { plainReader } from '../access/oversight.ts';
import { recordQuery } from '../access/record-read.ts';
import type { HostParts } from '../host-parts.ts';
import { type Budget, rowsOf } from './find-rows.ts';
import { nowOf, type ReadRequest } from './read-objects.ts';
import { readerOf } from './reader-of.ts';

export interface QueryCall extends ReadRequest {
  readonly query: string;
  readonly args: JsonValue;
}

/** Objects that one answer may be made from, at most. */
export const MAX_OBJECTS = 100_000;
/** Of a part of a list, at most, and where nothing is said. */
export const MAX_PART = 1000;

export interface PartCall extends QueryCall {
  /** Objects that the part is made from, at most: 1 to 1000. */
  readonly limit?: number | undefined;
  /** `next` of the part before. */
  readonly after?: string | undefined;
}

/** Part of a list; all of what is no list. */
export interface Part {
  readonly result: JsonValue;
  /** Where the next part goes on; null: there is none. */
  readonly next: string | null;
}

/**
 * Runs a query of the module over the objects that the reader may see, as it sees them.
 * @throws AppError module_unknown, query_unknown, invalid_argument; query_too_wide where it would look at too many
 */
export async function runQuery(parts: HostParts, call: QueryCall): Promise<JsonValue> {
  const { query, run, record } = await prepare(parts, call);
  const budget: Budget = { left: MAX_OBJECTS };
  const result = query.run(run(budget, {}));
  await record(budget);
  return result;
}

/**
 * The same, a list in parts: in the order of the objects' ids, so that what is there all the time is in exactly one.
 * @throws AppError as {@link runQuery}; invalid_argument for parts of what is no list
 */
export async function runQueryPart(parts: HostParts, { limit, after, ...call }: PartCall): Promise<Part> {
  const { query, run, record } = await prepare(parts, call);
  const budget: Budget = { left: MAX_OBJECTS };
  if (!query.paged) {
    if (limit !== undefined || after !== undefined) throw fail('invalid_argument', { field: '/limit' });
    const result = query.run(run(budget, {}));
    await record(budget);
    return { result, next: null };
  }
  const part = { limit: limit ?? MAX_PART, after, next: null };
  const result = query.run(run(budget, { part }));
  await record(budget);
  return { result, next: part.next };
}

interface PartState {
  readonly limit: number;
  readonly after: string | undefined;
  next: string | null;
}

async function prepare(parts: HostParts, { channel, query: name, args, at, ...request }: QueryCall) {
  const { module } = parts.modules.find(request.module);
  if (!Object.hasOwn(module.queries, name)) throw fail('query_unknown');
  const query = module.queries[name] as unknown as Query;
  validatorOf(query.schema)(args);
  const reader = await readerOf(parts, { channel, module, time: at ?? nowOf(parts) }, request.reader);
  const plain = plainReader(parts, reader);
  const run = (budget: Budget, { part }: { part?: PartState }): QueryRequest<JsonValue, never> => {
    const all = query.overAll?.(reader) === true;
    const find = (of: Module, match: Match, after?: string): Iterable<Row<JsonValue>> =>
      rowsOf(parts, { channel, module: of, reader, plain, at, all, match, after, budget });
    const match = matchOf(query, args);
    return {
      args: args as never,
      reader,
      rows: part ? partOf((after) => find(module, match, after), part) : find(module, match),
      find: (wanted) => find(module, wanted),
      rowsOf(other, wanted = {}) {
        const known = parts.modules.all.findLast((each) => each.module.name === other);
        return known ? find(known.module, wanted) : [];
      },
    };
  };
  const record = async ({ overseen }: Budget): Promise<void> => {
    if (overseen) await recordQuery(parts, reader, { module: module.name, query: name });
  };
  return { query, run, record };
}

/** The rows of one part; notes where the next one begins. */
function* partOf(
  rows: (after: string | undefined) => Iterable<Row<JsonValue>>,
  part: PartState,
): Iterable<Row<JsonValue>> {
  let [count, last] = [0, part.after];
  for (const row of rows(part.after)) {
    if (count === part.limit) {
      part.next = last ?? null;
      return;
    }
    yield row;
    count += 1;
    last = row.id;
  }
}
