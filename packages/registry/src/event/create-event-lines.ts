import type { Bytes, CborValue } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import type { DecidedEvent } from './decider.ts';
import {
  EVENT_MODULE,
  readEvents,
  readLine,
  readLineHead,
  readLineId,
  readObject,
  readToken,
} from './records.ts';
import type { Line, LineHead, TokenHolder } from './types.ts';

/** Lines that one call returns, at most. */
const MAX_LINES = 1000;

/** A line as part of an object's history. */
export interface NumberedLine extends Line {
  /** From 1. */
  readonly number: number;
  readonly id: Bytes;
}

/** What the ledger holds of the event lines, at the last block. Who may ask is for `isReadable`. */
export interface EventLines {
  head(ns: string, ref: Bytes): LineHead | undefined;
  line(ns: string, id: Bytes): Line | undefined;
  /** Lines of an object, oldest first, from that number on. */
  lines(ns: string, ref: Bytes, from?: number): readonly NumberedLine[];
  token(ns: string, token: Bytes): TokenHolder | undefined;
  /** State that a shared module keeps of an object. */
  object(ns: string, ref: Bytes): CborValue | undefined;
  /** What a line of a shared module did; undefined for any other line. */
  events(ns: string, line: Bytes): readonly DecidedEvent[] | undefined;
}

export function createEventLines(ledger: Pick<Ledger, 'state'>): EventLines {
  const state = () => ledger.state(EVENT_MODULE);
  return {
    head: (ns, ref) => readLineHead(state(), ns, ref),
    line: (ns, id) => readLine(state(), ns, id),
    lines(ns, ref, from = 1) {
      const reader = state();
      const last = readLineHead(reader, ns, ref)?.count ?? 0;
      const lines: NumberedLine[] = [];
      for (let number = Math.max(1, from); number <= last && lines.length < MAX_LINES; number += 1) {
        const id = readLineId(reader, ns, ref, number) as Bytes;
        lines.push({ number, id, ...(readLine(reader, ns, id) as Line) });
      }
      return lines;
    },
    token: (ns, token) =>
      readToken(state(), ns, token, 'shared-token') ?? readToken(state(), ns, token, 'token'),
    object: (ns, ref) => readObject(state(), ns, ref),
    events: (ns, line) => readEvents(state(), ns, line),
  };
}
