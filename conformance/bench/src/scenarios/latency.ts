import type { ContractNode } from './contract-node.ts';
import { SITES } from './many-objects.ts';

const MODULE = 'bench.thing@1';
const PAGE = 100;

export interface Latencies {
  /** Milliseconds, sorted. */
  readonly get: readonly number[];
  readonly one: readonly number[];
  readonly page: readonly number[];
}

/** One request after another: an object by its id, one by a value that it alone has, a page of those that share one. */
export async function measureLatency(
  { host, party }: ContractNode,
  {
    ids,
    objects,
    count,
  }: { readonly ids: readonly string[]; readonly objects: number; readonly count: number },
): Promise<Latencies> {
  const reading = { channel: 'main', module: MODULE, reader: { actor: party.did } };
  const at = (i: number): number => (i * 7919) % objects;
  return {
    get: await timed(count, async (i) => {
      await host.get({ ...reading, id: ids[i % ids.length] ?? '' });
    }),
    one: await timed(count, async (i) => {
      const found = await host.query({ ...reading, query: 'bySerial', args: { serial: `FILL-${at(i)}` } });
      if ((found as readonly string[]).length !== 1) throw new Error('bench: a thing was not found');
    }),
    page: await timed(count, async (i) => {
      const args = { site: `site-${at(i) % SITES}` };
      const { result } = await host.queryPart({ ...reading, query: 'atSite', args, limit: PAGE });
      if ((result as readonly object[]).length === 0) throw new Error('bench: a page is empty');
    }),
  };
}

async function timed(count: number, work: (i: number) => Promise<void>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await work(i);
    taken.push(performance.now() - from);
  }
  return taken.sort((a, b) => a - b);
}
