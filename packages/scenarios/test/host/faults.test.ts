import { isAppError } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { did, get, type Node, openWorld, run, settleAll } from './world.ts';

const where = ['store before', 'store after', 'keys before', 'keys after'] as const;

/** Fails the n-th write of one sort, as a crash does: what comes after it comes to nothing, until the host reopens. */
function crashAt(sort: (typeof where)[number], n: number) {
  let [left, down, armed] = [n, false, false];
  const hook = (mine: string) => (): void => {
    if (!armed) return;
    if (down) throw new Error('crashed');
    if (mine !== sort) return;
    left -= 1;
    if (left > 0) return;
    down = true;
    throw new Error('crash');
  };
  return {
    storeFaults: { beforeCommit: hook('store before'), afterCommit: hook('store after') },
    diskFaults: { before: hook('keys before'), after: hook('keys after') },
    arm: () => {
      armed = true;
    },
    /** Whether it came to a crash. */
    disarm: () => {
      armed = false;
      return down;
    },
  };
}

/** What was acknowledged of a story that a crash may cut off. */
async function play(a: Node, b: Node) {
  const acknowledged: string[] = [];
  let [id, erased]: (string | undefined)[] = [];
  try {
    id = (await run(a, 'register', { serial: 'F', with: [did(b)] })).id;
    acknowledged.push('registered');
    const { line } = await run(a, 'note', { text: 'one' }, { id });
    acknowledged.push('one');
    await settleAll([a, b]);
    await a.host.erase({ line, actor: did(a) });
    erased = line;
    await run(a, 'note', { text: 'two' }, { id });
    acknowledged.push('two');
  } catch (error) {
    // A crash is told as what it is: nobody knows.
    if (isAppError(error)) expect(error.code).toBe('outcome_unknown');
  }
  return { id, erased, acknowledged };
}

/** Both parties are at the last line, with all that was acknowledged. */
async function assertWhole(
  [a, b]: readonly [Node, Node],
  id: string,
  acknowledged: readonly string[],
): Promise<void> {
  const [one, two] = [await get(a, id), await get(b, id)];
  expect(two.head).toBe(one.head);
  expect(one).toMatchObject({ behind: false, disputedBy: null });
  const { texts } = one.state as { texts: string[] };
  if (acknowledged.includes('two')) expect(texts).toEqual(['(erased)', 'two']);
  else if (acknowledged.includes('one')) expect(texts.length).toBeGreaterThan(0);
}

describe.each(where)('a crash at each write: %s', (sort) => {
  it('loses nothing that was acknowledged, and leaves nothing half-written', async () => {
    let crashes = 0;
    for (let n = 1; ; n += 1) {
      const world = await openWorld();
      const { arm, disarm, ...faults } = crashAt(sort, n);
      const [a, b] = [await world.node(0, faults), await world.node(1)];
      arm();
      const story = await play(a, b);
      const crashed = disarm();
      await a.reopen();
      await settleAll([a, b]);
      expect(a.host.verify().faults, `write ${n}`).toEqual([]);
      expect([...a.store.range('contract.prepared'), ...a.store.range('contract.erasing')]).toEqual([]);
      expect(a.host.outbox()).toEqual([]);
      const ids = [...a.store.range('contract.object')].map(
        ([key]) => Buffer.from(key).toString().split('|')[2] as string,
      );
      if (story.id) expect(ids).toContain(story.id);
      for (const id of ids) await assertWhole([a, b], id, story.acknowledged);
      if (story.erased) expect(a.host.verify().erased).toBe(1);
      await run(a, 'register', { serial: 'afterwards' });
      if (!crashed) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(3);
  }, 300_000);
});
