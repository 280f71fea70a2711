import { silentLogger } from '@attestel/core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createThreadPool, taskUrl } from '../../src/index.ts';

const ECHO = taskUrl('../fixtures/echo-task', import.meta.url);
const HOLD = taskUrl('../fixtures/hold-task', import.meta.url);
const pool = createThreadPool(2);
afterAll(() => pool.close());

describe('a pool of threads', () => {
  it('runs a module’s task, each answer with who asked for it', async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    const answers = await Promise.all(numbers.map((number) => pool.run(ECHO, number)));
    expect(answers).toEqual(numbers.map((number) => ['echo', number]));
  });

  it('does first what is asked for first, whatever else a thread has not begun', async () => {
    const one = createThreadPool(1);
    const order: unknown[] = [];
    const note = (answer: unknown): void => void order.push(answer);
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const asked = [one.run(HOLD, gate)];
    await vi.waitFor(() => expect(gate[0]).toBe(1), 10_000);
    asked.push(...[1, 2, 3].map((number) => one.run(ECHO, number)));
    asked.push(...[8, 9].map((number) => one.runFirst(ECHO, number)));
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    await Promise.all(asked.map((answer) => answer.then(note)));
    expect(order).toEqual(['held', ...[8, 9, 1, 2, 3].map((number) => ['echo', number])]);
    await one.close();
  });

  it('says that a task failed, and goes on', async () => {
    const one = createThreadPool(1);
    const asked = ['text', 'function', 1].map((input) => one.run(ECHO, input));
    asked.push(one.run('file:///nowhere.ts', 1), one.run(ECHO, 2));
    const states = (await Promise.allSettled(asked)).map(({ status }) => status);
    expect(states).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    await one.close();
  });

  it('logs once that a task breaks, and nothing of a refusal or of what it was given', async () => {
    const warn = vi.fn();
    const logged = createThreadPool(1, { ...silentLogger, warn });
    for (const input of ['secret', 'secret', 'refuse', 1]) await logged.run(ECHO, input).catch(() => {});
    expect(warn.mock.calls).toEqual([['thread_task_failed', { task: 'echo-task.ts', cause: 'TypeError' }]]);
    await logged.close();
    expect(warn).toHaveBeenCalledOnce();
  });

  it('logs that a thread ended by itself', async () => {
    const warn = vi.fn();
    const logged = createThreadPool(1, { ...silentLogger, warn });
    await expect(logged.run(ECHO, 'exit')).rejects.toThrow('worker ended');
    expect(warn.mock.calls).toEqual([['thread_ended', { cause: 'Error' }]]);
    await expect(logged.run(ECHO, 1)).rejects.toThrow('no worker is left');
    await logged.close();
  });

  it('refuses when its threads are gone', async () => {
    const gone = createThreadPool(1);
    await gone.close();
    await expect(gone.run(ECHO, 1)).rejects.toThrow('no worker is left');
  });

  it('has a thread at least', () => {
    expect(() => createThreadPool(0)).toThrow(TypeError);
  });
});
