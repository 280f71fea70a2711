import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** `openssl s_client` or `s_server`: a peer that knows nothing of the ledger. */
export interface OpensslPeer {
  /** What it has said, standard output and error together. */
  output(): string;
  /** Waits until it has said so; fails when it ended before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  type(text: string): void;
  /** Its exit code, when it ends by itself. */
  ended(): Promise<number>;
  stop(): Promise<void>;
}

export function startOpenssl(...args: string[]): OpensslPeer {
  const child: ChildProcess = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  const heard = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    output += String(chunk);
    for (const one of heard) one();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.stdin?.on('error', () => {});
  const closed = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : 1));
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
    for (const one of heard) one();
  });
  return {
    output: () => output,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output);
          if (!found && !isClosed) return;
          heard.delete(look);
          if (found) resolve(found);
          else reject(new Error(`openssl ended: ${output}`));
        };
        heard.add(look);
        look();
      }),
    type: (text) => void child.stdin?.write(text),
    ended: () => closed,
    async stop() {
      if (child.exitCode === null) child.kill();
      await closed;
    },
  };
}
