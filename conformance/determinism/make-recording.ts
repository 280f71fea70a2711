import type { Store } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { SubLedger } from './anchors.ts';
import { MAKERS, type Made, type Maker, type Stock } from './make-operations.ts';
import type { RecordedBlock } from './recording.ts';
import { Seeded } from './seeded.ts';
import { openWorld, type World } from './world.ts';

const MOST_IN_BLOCK = 160;
const BLOCKS_PER_ANCHOR = 2;

/** The store must be empty. Blocks with at least so many accepted operations of every kind, and refused ones among them, as a seed decides. */
export async function makeRecording(
  seed: string,
  operations: number,
  store: Store,
): Promise<readonly RecordedBlock[]> {
  const world = await openWorld(new Seeded(seed), store);
  const stock: Stock = { subjects: [], lines: [], meters: [], apps: [], old: undefined };
  const sub = await SubLedger.open(world);
  await world.commit([await sub.registration(world)]);
  for (let accepted = 0; accepted < operations; ) {
    const made = await makeBlock(world, stock);
    if (world.blocks.length % BLOCKS_PER_ANCHOR === 0) made.push({ operation: await sub.anchor(world) });
    accepted += await commit(world, stock, made);
  }
  return world.blocks;
}

async function makeBlock(world: World, stock: Stock): Promise<Made[]> {
  const made: Made[] = [];
  const count = 1 + world.random.below(MOST_IN_BLOCK);
  while (made.length < count) {
    const one = await makerOf(world.random.below(100))(world, stock);
    if (one) made.push(one);
  }
  return made;
}

function makerOf(drawn: number): Maker {
  let rest = drawn;
  for (const [maker, share] of MAKERS) {
    if (rest < share) return maker;
    rest -= share;
  }
  throw new RangeError('the shares do not add up to a hundred');
}

/** Returns how many were accepted. */
async function commit(world: World, stock: Stock, made: readonly Made[]): Promise<number> {
  const accepted = new Set<Operation>(await world.commit(made.map(({ operation }) => operation)));
  for (const one of made) {
    if (!accepted.has(one.operation)) continue;
    one.accepted?.(one.operation.id);
    stock.old = one.operation;
  }
  return accepted.size;
}
