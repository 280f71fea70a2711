import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Cpu, Ready } from './protocol.ts';

/** A provider in a process of its own, so that its CPU time is its own. */
export interface ProviderProcess {
  readonly ready: Ready;
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

export async function startProvider(file: string): Promise<ProviderProcess> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(script, [String(await freePort())], {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await nextMessage<Ready>(child, 'ready');
  return {
    ready,
    async cpuMicroseconds() {
      const answer = nextMessage<Cpu>(child, 'cpu');
      child.send('cpu');
      return (await answer).microseconds;
    },
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

function nextMessage<T extends Ready | Cpu>(child: ChildProcess, kind: T['kind']): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`provider ended with code ${code}`));
    const onMessage = (message: unknown): void => {
      if ((message as T).kind !== kind) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(message as T);
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
