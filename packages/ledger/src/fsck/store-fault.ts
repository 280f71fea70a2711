import { type Bytes, fromUtf8, toHex } from '@attestel/core';
import { fromU64 } from '../tables.ts';

/** The first thing found wrong in a store. Stays inside this folder. */
export class StoreFault extends Error {
  readonly table: string;
  /** Which record, for people: a number or a key, never a value. */
  readonly at: string;

  constructor(table: string, at: string, rule: string, cause?: unknown) {
    super(rule, { cause });
    this.table = table;
    this.at = at;
  }
}

/** Runs a parser of records. What it throws means that the record is none. */
export function parsed<T>(table: string, at: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new StoreFault(table, at, 'is no record of this table', cause);
  }
}

/** Of a row of the state, for people: `module key`. */
export function nameOf(key: Bytes): string {
  try {
    return fromUtf8(key).replace('\0', ' ');
  } catch {
    return toHex(key);
  }
}

const U64_BYTES = 8;

/** A number as keys and values have it. @throws StoreFault for other bytes */
export function numberOf(table: string, at: string, bytes: Bytes): number {
  if (bytes.length !== U64_BYTES) throw new StoreFault(table, at, 'is no record of this table');
  return fromU64(bytes);
}
