import { describe, expect, it } from 'vitest';
import { createClosers, startWhole } from '../src/closers.ts';

describe('what was opened', () => {
  it('is closed in the opposite order, once', async () => {
    const closed: number[] = [];
    const opened = createClosers();
    for (const i of [1, 2, 3]) opened.add(async () => closed.push(i));
    await opened.close();
    await opened.close();
    expect(closed).toEqual([3, 2, 1]);
  });

  it('is closed to the last, where one of them fails too, which is told', async () => {
    const closed: number[] = [];
    const opened = createClosers();
    opened.add(async () => closed.push(1));
    opened.add(() => Promise.reject(new Error('stuck')));
    await expect(opened.close()).rejects.toThrow('stuck');
    expect(closed).toEqual([1]);
  });
});

describe('a start', () => {
  it('that fails closes what it opened and says what broke it', async () => {
    const closed: number[] = [];
    const start = startWhole(async (opened) => {
      opened.add(async () => closed.push(1));
      opened.add(() => Promise.reject(new Error('of closing')));
      throw new Error('of starting');
    });
    await expect(start).rejects.toThrow('of starting');
    expect(closed).toEqual([1]);
  });

  it('that succeeds leaves all open', async () => {
    const closed: number[] = [];
    const opened = await startWhole(async (each) => {
      each.add(async () => closed.push(1));
      return each;
    });
    expect(closed).toEqual([]);
    await opened.close();
    expect(closed).toEqual([1]);
  });
});
