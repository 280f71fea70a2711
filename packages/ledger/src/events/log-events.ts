import { type Bytes, toBase64url } from '@attestel/core';
import type { Ledger } from '../ledger.ts';
import { decodeLeaf } from '../log/leaf.ts';

export interface EventStreamOptions {
  /** Index of the first entry wanted. */
  readonly from: number;
  /** Ends the stream: the client has gone away, or the node closes. */
  readonly signal: AbortSignal;
  readonly heartbeatMilliseconds: number;
  /** Of entries in other namespaces, only that they are there is told. */
  readonly mayRead: (ns: string) => boolean;
}

/** Entries read from the store at once: the memory of a reader, however slow it is. */
const PAGE = 64;

/**
 * The log as server-sent events, in order and without gaps from an index on: nothing waits in memory for a reader, every
 * page is read from the store when the page before has gone out. A comment goes out when nothing happens.
 */
export async function* logEvents(
  ledger: Pick<Ledger, 'entries' | 'onBlock'>,
  { from, signal, heartbeatMilliseconds, mayRead }: EventStreamOptions,
): AsyncGenerator<string, void> {
  const alarm = createAlarm();
  const leave = ledger.onBlock(alarm.ring);
  signal.addEventListener('abort', alarm.ring);
  try {
    yield ': from the log index on, each id is one\n\n';
    for (let next = from; !signal.aborted; ) {
      // As text at once: while a slow reader takes its page, no entry stays in memory.
      const page = Array.from(ledger.entries(next, PAGE), (entry) => toEvent(entry, mayRead));
      next += page.length;
      if (page.length > 0) yield page.join('');
      else if (!(await alarm.rings(heartbeatMilliseconds))) yield ': still here\n\n';
    }
  } finally {
    leave();
    signal.removeEventListener('abort', alarm.ring);
  }
}

function toEvent(
  { index, bytes }: { readonly index: number; readonly bytes: Bytes },
  mayRead: EventStreamOptions['mayRead'],
): string {
  const leaf = decodeLeaf(bytes);
  if (leaf.kind === 'block') {
    const { height, timeMs } = leaf.block;
    return event(index, 'block', { index, height, timeMs, size: index + 1 });
  }
  const { id, payload } = leaf.operation;
  const { ns, module, kind, actor } = payload;
  if (!mayRead(ns)) return event(index, 'withheld', { index });
  return event(index, 'operation', { index, id: toBase64url(id), ns, module, kind, actor });
}

const event = (id: number, name: string, data: object): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Rung before anybody waits, it rings the next one who does: nothing is missed between reading and waiting. */
function createAlarm() {
  let rung = false;
  let waiting: ((rang: boolean) => void) | undefined;
  return {
    ring: (): void => {
      rung = true;
      waiting?.(true);
    },
    /** False when so many milliseconds passed without. */
    async rings(milliseconds: number): Promise<boolean> {
      let timer: NodeJS.Timeout | undefined;
      const rang = await new Promise<boolean>((resolve) => {
        if (rung) return resolve(true);
        waiting = resolve;
        timer = setTimeout(resolve, milliseconds, false).unref();
      });
      clearTimeout(timer);
      waiting = undefined;
      rung = false;
      return rang;
    },
  };
}
