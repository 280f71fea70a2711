import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Behind everything that a block waits for. */
const NICE = 10;

export interface SnapshotAside {
  /** Height of the complete snapshot. Rejects with Error when there is none. */
  readonly done: Promise<number>;
  /** Ends it where it is. */
  cancel(): void;
}

/**
 * Takes a snapshot of an LMDB store in a process of its own: at a million keys that is seconds of work, which would
 * stand between two blocks. Its height is that of the store when the process looks, later than the call.
 */
export function takeSnapshotAside(storePath: string, folder: string): SnapshotAside {
  const isSource = import.meta.url.endsWith('.ts');
  const script = new URL(`./snapshot-process.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const child = fork(fileURLToPath(script), [storePath, folder], {
    // Sources import each other through the condition that tests and development run with.
    execArgv: isSource ? ['--conditions=source'] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  yieldToOthers(child);
  return { done: heightOf(child), cancel: () => void child.kill('SIGKILL') };
}

function yieldToOthers({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // Some systems do not let us; or it has ended, which its promise tells.
  }
}

function heightOf(child: ChildProcess): Promise<number> {
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-1000);
  });
  return new Promise((resolve, reject) => {
    let height: number | undefined;
    child.on('message', (message) => {
      height = (message as { readonly height: number }).height;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 && height !== undefined) resolve(height);
      else reject(new Error(`snapshot process ended: ${signal ?? code}; ${lastLine(printed)}`));
    });
  });
}

/** Of what an uncaught error prints, the line that names it. */
const lastLine = (text: string): string => /^\w*Error.*$/m.exec(text)?.[0] ?? '';
