import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running program, and what it has said. */
export interface Program {
  /** The line, or part of one, when it is said; undefined when the program ends before. */
  says(pattern: RegExp): Promise<string | undefined>;
  stop(): Promise<void>;
}

export const startExample = (file: string, env: Readonly<Record<string, string>>): Program =>
  follow(
    spawn(process.execPath, ['--conditions=source', fileURLToPath(new URL(file, import.meta.url))], {
      ...{ env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
    }),
  );

/** Not one line of ours. */
export const startOpenssl = (args: readonly string[]): Program =>
  follow(spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] }));

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function follow(child: ChildProcess): Program {
  let said = '';
  let isOver = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
  };
  const hear = (chunk: unknown): void => {
    said += String(chunk);
    wake();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const closed = once(child, 'close').then(() => {
    isOver = true;
    wake();
  });
  return {
    says: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = pattern.exec(said)?.[0];
          if (found === undefined && !isOver) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      if (!isOver) child.kill();
      await closed;
    },
  };
}
