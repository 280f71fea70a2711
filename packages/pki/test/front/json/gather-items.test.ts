import { describe, expect, it } from 'vitest';
import { createGatherer } from '../../../src/front/json/gather-items.ts';

/** A sender that waits until it is let, and keeps what it was given. */
function gate() {
  const sent: (readonly number[])[] = [];
  let open = Promise.withResolvers<void>();
  return {
    sent,
    letGo() {
      open.resolve();
      open = Promise.withResolvers<void>();
    },
    send: async (items: readonly number[]): Promise<readonly string[]> => {
      sent.push(items);
      await open.promise;
      return items.map((item) => `published ${item}`);
    },
  };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('items that come one by one', () => {
  it('go together where they are of a kind, and each gets its own result', async () => {
    const gatherer = createGatherer<number, string>();
    const { sent, send, letGo } = gate();
    const asked = [1, 2, 3, 4].map((item) => gatherer.add(item % 2 ? 'odd' : 'even', item, send));
    await until(() => sent.length === 2);
    letGo();
    expect(await Promise.all(asked)).toEqual([1, 2, 3, 4].map((item) => `published ${item}`));
    expect(sent).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('wait for two groups on their way, and then go as one', async () => {
    const gatherer = createGatherer<number, string>();
    const { sent, send, letGo } = gate();
    const asked: Promise<string>[] = [];
    for (const group of [1, 2]) {
      asked.push(gatherer.add('a', group, send));
      await until(() => sent.length === group);
    }
    asked.push(...[3, 4, 5].map((item) => gatherer.add('a', item, send)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toEqual([[1], [2]]);
    letGo();
    await until(() => sent.length === 3);
    letGo();
    await Promise.all(asked);
    expect(sent[2]).toEqual([3, 4, 5]);
  });

  it('share what refuses them all, and leave the next ones alone', async () => {
    const gatherer = createGatherer<number, string>();
    const refuse = async (): Promise<readonly string[]> => {
      throw new Error('no such anchor');
    };
    const results = await Promise.allSettled([1, 2].map((item) => gatherer.add('a', item, refuse)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const { send, letGo, sent } = gate();
    const next = gatherer.add('a', 3, send);
    await until(() => sent.length === 1);
    letGo();
    expect(await next).toBe('published 3');
  });

  it('are refused where too many wait, until some have their answer', async () => {
    const gatherer = createGatherer<number, string>();
    const { send, letGo, sent } = gate();
    const asked = Array.from({ length: 10_000 }, (_, item) => gatherer.add('a', item, send));
    await expect(gatherer.add('b', 1, send)).rejects.toMatchObject({ code: 'pki_busy', status: 429 });
    const answered = Promise.all(asked);
    let isDone = false;
    void answered.then(() => {
      isDone = true;
    });
    while (!isDone) {
      letGo();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(Math.max(...sent.map((items) => items.length))).toBe(500);
    const last = gatherer.add('b', 1, async () => ['published']);
    expect(await last).toBe('published');
  });
});
