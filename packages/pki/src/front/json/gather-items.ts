import { setTimeout } from 'node:timers/promises';
import { fail } from '../../errors.ts';

/** One goes on its way alone after this time; what comes while others are on theirs waits for them. */
const COLLECT_MILLISECONDS = 3;
const ON_THEIR_WAY = 2;
const MAX_TOGETHER = 500;
/** More are refused, so that a flood costs bounded memory. */
const MAX_WAITING = 10_000;

/** Sends items of one kind together. One result for each, in order; where it throws, that is everybody's. */
export type SendTogether<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

export interface Gatherer<Item, Result> {
  /** `kind` names what items have to have in common; `send` of the first one sends them. @throws AppError pki_busy */
  add(kind: string, item: Item, send: SendTogether<Item, Result>): Promise<Result>;
}

interface Seat<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Queue<Item, Result> {
  readonly seats: Seat<Item, Result>[];
  readonly sent: Set<Promise<void>>;
  isDraining: boolean;
}

/** Group commit for what comes one by one: a signature, a block and a round of threads for many instead of for each. */
export function createGatherer<Item, Result>(): Gatherer<Item, Result> {
  const queues = new Map<string, Queue<Item, Result>>();
  let waiting = 0;

  const sendAll = async (seats: readonly Seat<Item, Result>[], send: SendTogether<Item, Result>) => {
    try {
      const results = await send(seats.map(({ item }) => item));
      seats.forEach(({ resolve }, i) => {
        resolve(results[i] as Result);
      });
    } catch (error) {
      for (const { reject } of seats) reject(error);
    } finally {
      waiting -= seats.length;
    }
  };
  const drain = async (kind: string, queue: Queue<Item, Result>, send: SendTogether<Item, Result>) => {
    const { seats, sent } = queue;
    queue.isDraining = true;
    while (seats.length > 0) {
      await setTimeout(COLLECT_MILLISECONDS);
      if (sent.size >= ON_THEIR_WAY) await Promise.race(sent);
      const sending = sendAll(seats.splice(0, MAX_TOGETHER), send);
      sent.add(sending);
      void sending.then(() => {
        sent.delete(sending);
        if (sent.size === 0 && seats.length === 0) queues.delete(kind);
      });
    }
    queue.isDraining = false;
  };
  return {
    async add(kind, item, send) {
      if (waiting >= MAX_WAITING) throw fail('pki_busy');
      waiting += 1;
      const queue = queues.get(kind) ?? { seats: [], sent: new Set<Promise<void>>(), isDraining: false };
      queues.set(kind, queue);
      return new Promise((resolve, reject) => {
        queue.seats.push({ item, resolve, reject });
        if (!queue.isDraining) void drain(kind, queue, send);
      });
    },
  };
}
