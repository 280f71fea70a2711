import { useEffect, useState } from 'preact/hooks';
import type { HistoryLine, PayloadView } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { checkComplete, checkLine, faultOf, type LineCheck } from './check-line.ts';
import type { Checkpoint, Fault, Subject } from './verify-lines.ts';

export type Completeness =
  | { readonly state: 'pending' }
  | { readonly state: 'proven'; readonly checkpoint: Checkpoint }
  | { readonly state: 'failed'; readonly fault: Fault };

export interface Checks {
  readonly lines: ReadonlyMap<string, LineCheck>;
  readonly complete: Completeness;
}

const PENDING = { state: 'pending' } as const;

/** Verifies the shown lines one after the other, and that the object has no lines that are not in its history. */
export function useChecks(
  subject: Subject,
  all: readonly HistoryLine[],
  shown: readonly HistoryLine[],
  load: (line: string) => Promise<PayloadView>,
): Checks {
  const { api, trust } = useDesk();
  const [lines, setLines] = useState<ReadonlyMap<string, LineCheck>>(new Map());
  const [complete, setComplete] = useState<Completeness>(PENDING);
  const ports = { api, trust, fetch: fetch.bind(globalThis) };
  useEffect(() => {
    let isCurrent = true;
    setComplete(PENDING);
    checkComplete(ports, subject, all).then(
      (checkpoint) => isCurrent && setComplete({ state: 'proven', checkpoint }),
      (error: unknown) => isCurrent && setComplete({ state: 'failed', fault: faultOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [all]);
  useEffect(() => {
    let isCurrent = true;
    const work = async (): Promise<void> => {
      for (const line of shown) {
        if (!isCurrent) return;
        if (lines.get(line.line)?.state === 'proven') continue;
        const check = await checkLine(ports, subject, line, load);
        if (isCurrent) setLines((before) => new Map(before).set(line.line, check));
      }
    };
    void work();
    return () => {
      isCurrent = false;
    };
  }, [all, shown.length]);
  return { lines, complete };
}
