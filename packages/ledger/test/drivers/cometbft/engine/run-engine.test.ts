import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { silentLogger } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningEngine, superviseEngine } from '../../../../src/drivers/cometbft/engine/run-engine.ts';
import { recordingLogger } from '../../../fixtures/open-test-ledger.ts';

let home: string;
let engine: RunningEngine | undefined;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'engine-'));
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await rm(home, { recursive: true });
});

/** A program in the engine's place. */
async function program(body: string): Promise<string> {
  const file = join(home, 'program');
  await writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
  return file;
}
const OBEDIENT = 'exec sleep 600';
const STUBBORN = "trap '' TERM\nwhile :; do sleep 0.1; done";

const supervise = async (body: string): Promise<RunningEngine> => {
  const binary = await program(body);
  engine = superviseEngine({ binary, home, logger: silentLogger, patienceMilliseconds: 300 });
  return engine;
};
const running = async (one: RunningEngine, other?: number): Promise<number> => {
  while (one.pid === undefined || one.pid === other) await setTimeout(10);
  const { pid } = one;
  while ((await readFile(join(home, 'engine.pid'), 'utf8').catch(() => '')) !== String(pid))
    await setTimeout(10);
  return pid;
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('a supervised engine', () => {
  it('is started with its home, and again when it was killed', async () => {
    const one = await supervise(`echo "$@"\n${OBEDIENT}`);
    const first = await running(one);
    const startedTimes = (count: number): Promise<void> =>
      vi.waitFor(async () => {
        const log = await readFile(join(home, 'engine.log'), 'utf8');
        expect(log).toBe(`start --home ${home}\n`.repeat(count));
      }, 10_000);
    await startedTimes(1); // it has a number before it has said a word
    process.kill(first, 'SIGKILL');
    const second = await running(one, first);
    expect(isAlive(second)).toBe(true);
    await startedTimes(2);
  });

  it('is ended by stop, and not started again', async () => {
    const one = await supervise(OBEDIENT);
    const pid = await running(one);
    await one.stop();
    expect(isAlive(pid)).toBe(false);
    expect(one.pid).toBeUndefined();
  });

  it('is killed when it does not end in time, by stop or after its application is gone', async () => {
    const one = await supervise(STUBBORN);
    const first = await running(one);
    one.onDisconnected();
    const second = await running(one, first);
    expect(isAlive(first)).toBe(false);
    await one.stop();
    expect(isAlive(second)).toBe(false);
  });

  it('waits for the engine of a process that died, and kills it when it stays', async () => {
    const binary = await program(STUBBORN);
    const left = spawn(binary, ['start', '--home', home], { stdio: 'ignore' });
    const gone = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
    await writeFile(join(home, 'engine.pid'), String(left.pid));
    const one = await supervise(STUBBORN);
    const pid = await running(one);
    expect(await gone).toBe('SIGKILL');
    expect(pid).not.toBe(left.pid);
  });

  it('leaves alone a process that only has the number of an old engine', async () => {
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    await writeFile(join(home, 'engine.pid'), String(stranger.pid));
    await running(await supervise(OBEDIENT));
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('does not run on unnoted: what cannot be written down is ended, and tried again', async () => {
    await mkdir(join(home, 'engine.pid'));
    const one = await supervise(`echo started >> "${join(home, 'starts')}"\n${OBEDIENT}`);
    while (one.pid === undefined) await setTimeout(10);
    const { pid } = one;
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 20_000);
    await rm(join(home, 'engine.pid'), { recursive: true });
    await running(one, pid);
  });

  it('that cannot be started takes nothing down with it', async () => {
    await mkdir(join(home, 'engine.log'));
    const logger = recordingLogger();
    engine = superviseEngine({ binary: join(home, 'nothing'), home, logger });
    await vi.waitFor(() => expect(logger.events).toContain('engine_ended'), 20_000);
    await rm(join(home, 'engine.log'), { recursive: true });
    await vi.waitFor(() => expect(logger.events.length).toBeGreaterThan(1), 20_000);
  });
});
