import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from '@attestel/core';

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Whoever ran this long did not fail at the start. */
const STEADY_MS = 60_000;
const PID_FILE = 'engine.pid';

const run = promisify(execFile);

export interface RunEngineOptions {
  readonly binary: string;
  readonly home: string;
  readonly logger: Logger;
  /** Time an engine gets to close its databases. Default 10,000. */
  readonly patienceMilliseconds?: number;
}

export interface RunningEngine {
  /** Undefined between two runs. */
  readonly pid: number | undefined;
  /** The application's connections are gone: the engine has to end now, and is made to when it does not. */
  onDisconnected(): void;
  /** Ends it and does not start it again. */
  stop(): Promise<void>;
}

/**
 * Keeps an engine running until told otherwise. It ends by itself when its application's socket does; but with an
 * answer outstanding it can wait for that for ever, half closed (seen with v0.40.0). So one that was left behind by a
 * process that died, or that does not end in time, is killed: its databases are made for that. The application must
 * listen already. What the engine prints goes to `engine.log` in its home.
 */
export function superviseEngine(options: RunEngineOptions): RunningEngine {
  const { home, logger, patienceMilliseconds: patience = PATIENCE_MS } = options;
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const keepRunning = async (): Promise<void> => {
    await endLeftBehind(home, logger, patience);
    for (let pause = FIRST_PAUSE_MS; !stopping.signal.aborted; ) {
      const started = performance.now();
      const ended = await runOnce(options, (running) => {
        child = running;
      });
      child = undefined;
      if (stopping.signal.aborted) return;
      logger.warn('engine_ended', { cause: ended });
      pause =
        performance.now() - started > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
      await setTimeout(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const done = keepRunning();
  return {
    get pid() {
      return child?.pid;
    },
    onDisconnected() {
      if (child) void killLate(child, patience);
    },
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      if (child) void killLate(child, patience);
      await done;
    },
  };
}

/** Resolves with how it ended. */
async function runOnce(
  { binary, home }: RunEngineOptions,
  onStart: (child: ChildProcess) => void,
): Promise<string> {
  let log: FileHandle | undefined;
  let child: ChildProcess | undefined;
  try {
    log = await open(join(home, 'engine.log'), 'a', 0o600);
    child = spawn(binary, ['start', '--home', home], { stdio: ['ignore', log.fd, log.fd] });
    onStart(child);
    const closed = once(child, 'close');
    closed.catch(() => {}); // heard below, if nothing fails before
    if (child.pid !== undefined) await writeFile(join(home, PID_FILE), String(child.pid), { mode: 0o600 });
    const [code, signal] = await closed;
    await rm(join(home, PID_FILE), { force: true });
    return String(signal ?? code);
  } catch (error) {
    // One that runs and is not noted, as on a full disk, would be there beside the next.
    if (child) await killed(child);
    return error instanceof Error ? error.message : 'not started';
  } finally {
    await log?.close();
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Gives an engine that is about to end its time. */
async function killLate(child: ChildProcess, patience: number): Promise<void> {
  const exited = new AbortController();
  child.once('exit', () => exited.abort());
  await setTimeout(patience, undefined, { signal: exited.signal, ref: false }).catch(() => {});
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

/** Ends the engine of a process that was killed, when it is still there: two would share one home. */
async function endLeftBehind(home: string, logger: Logger, patience: number): Promise<void> {
  const file = join(home, PID_FILE);
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const late = performance.now() + patience;
  while (await isEngineOf(home, pid)) {
    if (performance.now() > late) {
      logger.warn('engine_left_behind', { pid });
      endNow(pid);
    }
    await setTimeout(LOOK_AGAIN_MS);
  }
  await rm(file, { force: true });
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself; or it is not ours to end, and is waited for.
  }
}

/** Process ids are used again: only one whose command line names this home is ours. */
async function isEngineOf(home: string, pid: number): Promise<boolean> {
  const command = await commandOf(pid);
  return command.includes('start --home') && command.endsWith(home);
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  }
  return run('ps', ['-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}
