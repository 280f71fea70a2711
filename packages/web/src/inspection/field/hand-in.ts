import {
  type Answer,
  batchOf,
  beginSending,
  type Queue,
  settle,
  type TakenVisits,
  type Visit,
} from './queue.ts';

/** The answer of a node, or that there was none: nobody knows then whether the batch arrived. */
export type Sent =
  | Exclude<Answer, { kind: 'known' }>
  | { readonly kind: 'repeated' }
  | { readonly kind: 'unanswered'; readonly code: string };

export interface HandInPorts {
  /** Ids of records with visits that wait or may be under way. */
  open(): Promise<readonly string[]>;
  load(record: string): Promise<Queue>;
  /** Writes what differs from before: the rest may have changed meanwhile. Durable when it resolves. */
  save(queue: Queue, before: Queue): Promise<void>;
  send(queue: Queue, batch: readonly Visit[]): Promise<Sent>;
  /** What the node has of a record; undefined where there is no answer. */
  read(record: string): Promise<TakenVisits | undefined>;
}

/** Why it stopped before everything was handed in; null: nothing waits any more. */
export type HandedIn = { readonly stopped: string | null };

/** Numbers that the node says it has, one after another, before this phone takes that for a fault. */
const MAX_REPEATS = 3;

/**
 * Hands in what waits, batch after batch. A batch is noted as under way before it is sent and keeps its number until its
 * outcome is known, and the node takes each number once: so whatever breaks in between, a visit is recorded once.
 */
export async function handIn(ports: HandInPorts): Promise<HandedIn> {
  for (const id of await ports.open()) {
    const stopped = await handInRecord(ports, id);
    if (stopped !== null) return { stopped };
  }
  return { stopped: null };
}

async function handInRecord(ports: HandInPorts, id: string): Promise<string | null> {
  for (let repeats = 0; ; ) {
    const before = await ports.load(id);
    const queue = beginSending(before);
    if (!queue.record.sending) return null;
    if (queue.record !== before.record) await ports.save(queue, before);
    const sent = await ports.send(queue, batchOf(queue));
    if (sent.kind === 'unanswered') return sent.code;
    if (sent.kind !== 'repeated') {
      await ports.save(settle(queue, sent), queue);
      continue;
    }
    const taken = await ports.read(id);
    if (!taken) return 'offline';
    if (++repeats > MAX_REPEATS) return 'record_out_of_step';
    await ports.save(settle(queue, { kind: 'known', taken }), queue);
  }
}
