import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Clock } from '@attestel/core';
import { OCSP_PATH } from '../ocsp/over-http.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import { type OcspAnswered, OcspConnection } from './connection.ts';
import { createDepartures } from './departures.ts';

export interface OcspListenerOptions {
  readonly host: string;
  /** 0: the system's choice. */
  readonly port: number;
  readonly responder: OcspResponder;
  readonly clock: Clock;
  /** Of POST; GET has the request below it. */
  readonly path?: string;
  /** Clients beyond these are cut off at once. */
  readonly maxConnections?: number;
  readonly observe?: (answered: OcspAnswered) => void;
  /** How long one tick of the time limits is. */
  readonly tickMilliseconds?: number;
}

export interface OcspListener {
  readonly port: number;
  /** Takes nobody any more, lets answers under way go out, then ends what is left. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 4096;
const SECOND = 1000;
/** How long answers under way may still take. */
const GRACE_TICKS = 2;
/** Connections that the system holds until they are taken. */
const BACKLOG = 1024;

/**
 * OCSP over HTTP/1.1 and nothing else (specs/decisions/0018): a node's HTTP server costs several times what an answer does.
 * @throws Error of `listen`, such as EADDRINUSE
 */
export async function startOcspListener(options: OcspListenerOptions): Promise<OcspListener> {
  const connections = new Set<OcspConnection>();
  let ticks = 0;
  let isClosing = false;
  const host = {
    ...{ responder: options.responder, clock: options.clock, path: options.path ?? OCSP_PATH },
    ...{ observe: options.observe ?? (() => {}), tick: () => ticks, isClosing: () => isClosing },
    departure: createDepartures(),
  };
  // Half open: a client may end its side with its request, and still wants the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new OcspConnection(socket, host);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  const tickMilliseconds = options.tickMilliseconds ?? SECOND;
  const ticking = setInterval(() => {
    ticks += 1;
    for (const connection of connections) connection.expire(ticks);
  }, tickMilliseconds);
  try {
    await listen(server, options);
  } catch (error) {
    clearInterval(ticking);
    throw error;
  }
  const close = async (): Promise<void> => {
    isClosing = true;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const connection of connections) connection.retire();
    const late = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, GRACE_TICKS * tickMilliseconds);
    await closed;
    clearTimeout(late);
    clearInterval(ticking);
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function listen(server: Server, { host, port }: OcspListenerOptions): Promise<void> {
  server.listen({ host, port, backlog: BACKLOG });
  await once(server, 'listening');
}
