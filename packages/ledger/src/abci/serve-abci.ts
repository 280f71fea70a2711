import { chmod, lstat, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@attestel/core';
import type { AbciApplication } from './application.ts';
import { serveConnection } from './connection.ts';
import { MAX_FRAME_BYTES } from './frames.ts';

export interface ServeAbciOptions {
  readonly application: AbciApplication;
  /** Unix socket that the engine's `proxy_app = "unix://…"` names. Whoever opens it orders the ledger. */
  readonly path: string;
  readonly logger: Logger;
  /** Longest message taken. Default: what the engine itself sends at most. */
  readonly maxFrameBytes?: number;
}

export interface AbciServer {
  /** Cuts all connections; resolves when what was being answered is answered and nothing listens. */
  close(): Promise<void>;
  /** Called when a connection is over, with the number that are left. */
  onDisconnect(listener: (left: number) => void): void;
}

/**
 * The engine opens four connections: consensus, mempool, query, snapshots. The application sees which is
 * which by what is asked. @throws Error when the path is taken by a server that lives
 */
export async function serveAbci(options: ServeAbciOptions): Promise<AbciServer> {
  const { application, path, logger, maxFrameBytes = MAX_FRAME_BYTES } = options;
  const sockets = new Set<Socket>();
  const running = new Set<Promise<void>>();
  const listeners: ((left: number) => void)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    const done = serveConnection({ socket, application, logger, maxFrameBytes }).finally(() => {
      sockets.delete(socket);
      running.delete(done);
      for (const listener of listeners) listener(sockets.size);
    });
    running.add(done);
  });
  await removeDeadSocket(path);
  await listen(server, path);
  // A connection that could not be taken, for want of descriptors: the engine tries again.
  server.on('error', (error) => logger.error('abci_socket_error', { cause: error.message }));
  await chmod(path, 0o600);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([...running]);
      await closed;
    },
    onDisconnect: (listener) => void listeners.push(listener),
  };
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** A process that was killed leaves its socket file behind; one that answers is alive and keeps it. */
async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const alive = await new Promise<boolean>((resolve) => {
    const probe = createConnection(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (!alive) await rm(path, { force: true });
}
