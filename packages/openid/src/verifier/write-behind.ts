import type { Store, StoreReader, StoreWriter } from '@attestel/core';
import { createLayer, type Layer, readThrough } from './layer.ts';

/**
 * A store whose transactions are decided at once, in memory, and reach the disk in the order of the calls
 * (decision 0011). Whatever is durable, everything before it is: a death costs an end of the order, never a
 * piece of its middle. Reads see all that was decided.
 */
export interface WriteBehind extends StoreReader {
  /**
   * Runs `work` at once and alone. Resolves when it, and all before it, is durable.
   * @throws what `work` throws, having written nothing; why the disk refused
   */
  transact<T>(work: (writer: StoreWriter) => T): Promise<T>;
  /**
   * The same without the wait: on disk together with the next durable transaction, or after a pause. For
   * what nobody is told to be lasting.
   * @param lost called when the disk refused: reads no longer see it
   * @throws what `work` throws, having written nothing
   */
  soon<T>(work: (writer: StoreWriter) => T, lost: Lost): T;
  /** So much waits for a slow disk that nothing should be added which nobody waits for. */
  isCrowded(): boolean;
  /** How often the disk has refused: who read before the last time may have read what is gone. */
  losses(): number;
  /** Resolves when nothing waits any more, be it written or lost. */
  flush(): Promise<void>;
}

export type Lost = (error: unknown) => void;

/** What one flush writes. */
interface Batch {
  readonly layer: Layer;
  readonly waiting: { readonly resolve: () => void; readonly reject: Lost }[];
  readonly lost: Set<Lost>;
  /** Somebody waits for it, or it has waited long enough. */
  due: boolean;
}

/** How long a write waits for a durable one to go with. */
const PAUSE_MS = 25;

/** Keys that may wait. A hundred times what comes in one pause at full speed, and some megabytes. */
const MAX_WAITING = 2_000;

const known = new WeakMap<Store, WriteBehind>();

/** The one of this store: who writes to the same tables must see the same undecided rest. */
export function writeBehindOf(store: Store): WriteBehind {
  const existing = known.get(store);
  if (existing) return existing;
  const created = createWriteBehind(store);
  known.set(store, created);
  return created;
}

export function createWriteBehind(base: Store): WriteBehind {
  let open = createBatch();
  let flushing: Batch | undefined;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let losses = 0;
  const layers = (): Layer[] => (flushing ? [open.layer, flushing.layer] : [open.layer]);

  const flushOnce = async (): Promise<void> => {
    const batch = open;
    flushing = batch;
    open = createBatch();
    try {
      await base.transact((writer) => batch.layer.applyTo(writer));
      flushing = undefined;
      for (const { resolve } of batch.waiting) resolve();
    } catch (error) {
      // What was decided meanwhile was decided on what is now lost.
      const since = open;
      flushing = undefined;
      open = createBatch();
      losses += 1;
      for (const { waiting, lost } of [batch, since]) {
        for (const { reject } of waiting) reject(error);
        for (const tell of lost) tell(error);
      }
    }
  };
  const drain = async (): Promise<void> => {
    // One turn later, so that transactions called in this turn share the flush.
    await undefined;
    clearTimeout(timer);
    timer = undefined;
    while (open.due) await flushOnce();
    running = undefined;
    if (!open.layer.isEmpty()) flushLater();
  };
  const flushNow = (): void => {
    open.due = true;
    running ??= drain();
  };
  const flushLater = (): void => {
    if (!running) timer ??= setTimeout(flushNow, PAUSE_MS);
  };
  const decide = <T>(work: (writer: StoreWriter) => T): T => {
    const own = createLayer();
    const result = work(
      writerOn(
        own,
        readThrough(() => [own, ...layers()], base),
      ),
    );
    if (result instanceof Promise) throw new TypeError('store: the work of a transaction is synchronous');
    own.addTo(open.layer);
    return result;
  };
  return {
    ...readThrough(layers, base),
    async transact(work) {
      const result = decide(work);
      // One that only looked waits as well: what it saw must not go away after its answer.
      if (open.layer.isEmpty() && !flushing) return result;
      const { waiting } = open;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
        flushNow();
      });
      return result;
    },
    soon(work, lost) {
      const result = decide(work);
      if (open.layer.isEmpty()) return result;
      open.lost.add(lost);
      flushLater();
      return result;
    },
    isCrowded: () => open.layer.size() >= MAX_WAITING,
    losses: () => losses,
    async flush() {
      while (running || !open.layer.isEmpty()) {
        flushNow();
        await running;
      }
    },
  };
}

const createBatch = (): Batch => ({ layer: createLayer(), waiting: [], lost: new Set(), due: false });

const writerOn = (layer: Layer, reader: StoreReader): StoreWriter => ({
  ...reader,
  put: (table, key, value) => layer.write(table, key, value),
  delete: (table, key) => layer.write(table, key, undefined),
});
