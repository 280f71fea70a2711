import { type Bytes, type CborValue, decodeCbor, type JsonValue, toHex } from '@attestel/core';

/** What the ledger keeps of a line, as a receipt shows it. Bytes are hex. */
export interface LedgerLine {
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
  readonly height: number;
  /** Null: blind. */
  readonly module: string | null;
  readonly digest: string;
  readonly batch: { readonly size: number; readonly root: string } | null;
  readonly refs: readonly string[];
}

export interface LedgerHead {
  readonly line: string;
  readonly count: number;
}

type Fields = { readonly [field: string]: CborValue };

/** @throws TypeError for anything else */
export function readLine(value: Bytes): LedgerLine {
  const { actor, time, height, moduleDigest, digest, batch, refs } = fieldsOf(decodeCbor(value));
  if (typeof actor !== 'string' || !Array.isArray(refs)) throw new TypeError('line: malformed');
  return {
    ...{ actor, time: numberOf(time), height: numberOf(height), digest: hexOf(digest) },
    module: moduleDigest === null ? null : hexOf(moduleDigest),
    batch: batch === null ? null : batchOf(fieldsOf(batch)),
    refs: refs.map(hexOf),
  };
}

/** @throws TypeError for anything else */
export function readHead(value: Bytes): LedgerHead {
  const { line, count } = fieldsOf(decodeCbor(value));
  return { line: hexOf(line), count: numberOf(count) };
}

/**
 * What nodes made of a line that they executed, as modules know events: their data has the object's id and whom it is
 * told beside it. @throws TypeError for anything else
 */
export function readEvents(value: Bytes): JsonValue {
  const events = decodeCbor(value);
  if (!Array.isArray(events)) throw new TypeError('events: malformed');
  return events.map((one) => {
    const { object: _, type, data: said, ...keys } = fieldsOf(one);
    const { id, data, parties } = fieldsOf(said);
    return { type, object: id, data, parties, ...keys } as unknown as JsonValue;
  });
}

const batchOf = ({ size, root }: Fields) => ({ size: numberOf(size), root: hexOf(root) });

function fieldsOf(value: CborValue | undefined): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw new TypeError('record: malformed');
  return value as Fields;
}

function numberOf(value: CborValue | undefined): number {
  if (typeof value !== 'number') throw new TypeError('record: malformed');
  return value;
}

function hexOf(value: CborValue | undefined): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('record: malformed');
  return toHex(value);
}
