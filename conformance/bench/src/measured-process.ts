import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program in a process of its own, so that its CPU time is its own. It ends when this one does. */
export interface MeasuredProcess<Ready> {
  readonly ready: Ready;
  /** So far, user and system. */
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

type Told<Ready> =
  | { readonly kind: 'ready'; readonly ready: Ready }
  | { readonly kind: 'cpu'; readonly microseconds: number };

/** Starts a script that calls {@link answerParent}. @throws Error when it ends before it is ready */
export async function startMeasured<Ready>(
  script: URL,
  args: readonly (string | number)[],
): Promise<MeasuredProcess<Ready>> {
  const child = fork(fileURLToPath(script), args.map(String), {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { ready } = await nextMessage<Ready, 'ready'>(child, 'ready');
  return {
    ready,
    async cpuMicroseconds() {
      const answer = nextMessage<Ready, 'cpu'>(child, 'cpu');
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

function nextMessage<Ready, Kind extends Told<Ready>['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<Told<Ready>, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`measured process ended with code ${code}`));
    const onMessage = (message: unknown): void => {
      const told = message as Told<Ready>;
      if (told.kind !== kind) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(told as Extract<Told<Ready>, { kind: Kind }>);
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}

/** The child's side: says that it is ready and answers the parent's questions until it lets go. */
export function answerParent<Ready>(ready: Ready, close: () => Promise<void>): void {
  const send = (message: Told<Ready>): void => void process.send?.(message);
  process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    send({ kind: 'cpu', microseconds: user + system });
  });
  process.on('disconnect', () => void close().finally(() => process.exit(0)));
  send({ kind: 'ready', ready });
}
