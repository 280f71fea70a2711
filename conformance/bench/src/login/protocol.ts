import type { BenchCard } from './material.ts';

/** What a provider process tells once it listens. */
export interface Ready {
  readonly kind: 'ready';
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cards: readonly BenchCard[];
}

/** CPU of the provider's process so far, microseconds, user and system. */
export interface Cpu {
  readonly kind: 'cpu';
  readonly microseconds: number;
}

export const CALLBACK = 'http://localhost:1/cb';

/** Answers the parent's questions until it lets go. */
export function answerParent(ready: Ready, close: () => Promise<void>): void {
  const send = (message: Ready | Cpu): void => void process.send?.(message);
  process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    send({ kind: 'cpu', microseconds: user + system });
  });
  process.on('disconnect', () => void close().finally(() => process.exit(0)));
  send(ready);
}
