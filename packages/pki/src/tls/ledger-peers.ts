import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { type AppError, isAppError, type Logger, toHex } from '@attestel/core';
import { coalesced } from '../agent/coalesced.ts';
import { forEachBounded } from '../agent/for-each-bounded.ts';
import { refuse } from './errors.ts';
import { checkPeer, type Peer, type PeerChain } from './judge-peer.ts';
import type { LedgerView } from './ledger-view.ts';
import { handshakeError, type PeerAddress, shakeHands, shownBy } from './peer-socket.ts';
import { ledgerSecureContextOptions, type PeerIdentity } from './secure-context.ts';

export interface LedgerPeersOptions {
  readonly view: LedgerView;
  readonly identity: PeerIdentity;
  readonly logger: Logger;
  /** Told of every peer that was refused after its handshake, and of every connection that was cut. */
  readonly onRefused?: (refused: { readonly error: AppError; readonly peer: Peer | undefined }) => void;
}

/** A connection whose other end is known. */
export interface PeerConnection {
  readonly socket: TLSSocket;
  readonly peer: Peer;
}

export interface PeerServer {
  readonly port: number;
  /** Also cuts what is connected. */
  close(): Promise<void>;
}

/** Mutual TLS with whom the ledger trusts now, for as long as it does. */
export interface LedgerPeers {
  /** Resolves when the peer is known. @throws AppError tls_*, pki_node_unreachable, and others of kind proof-failed */
  connect(to: PeerAddress): Promise<PeerConnection>;
  /** Calls back with peers that are known; others are cut before anything of theirs is read. */
  listen(
    at: { readonly host: string; readonly port: number },
    onPeer: (one: PeerConnection) => void,
  ): Promise<PeerServer>;
  /** Asks about trust and about every peer again, and cuts whoever is not trusted any more. Rounds that overlap become one. */
  look(): Promise<void>;
  live(): readonly PeerConnection[];
  /** Cuts everything. */
  close(): void;
}

interface Live extends PeerConnection {
  readonly chain: PeerChain;
}

const HANDSHAKE_MILLISECONDS = 10_000;
/** Peers that are judged at once. */
const CONCURRENCY = 16;

export function createLedgerPeers({ view, identity, logger, onRefused }: LedgerPeersOptions): LedgerPeers {
  const live = new Map<TLSSocket, Live>();
  const refuseSocket = (socket: TLSSocket, cause: unknown, peer?: Peer): AppError => {
    live.delete(socket);
    socket.destroy();
    const error = handshakeError(cause, view);
    logger.warn('tls_peer_refused', { code: error.code, ...error.extra });
    onRefused?.({ error, peer });
    return error;
  };
  /** A socket that is checked, and watched from now on. */
  const admit = async (socket: TLSSocket): Promise<PeerConnection> => {
    // Until it is handed over; from then on errors are for who has it to hear.
    const unheard = (): void => {};
    socket.on('error', unheard);
    const chain = shownBy(socket);
    const peer = await checkPeer(chain, view);
    if (socket.destroyed) throw refuse('tls_handshake', peer.trustVersion);
    const connection: Live = { socket, peer, chain };
    live.set(socket, connection);
    socket.once('close', () => live.delete(socket)).off('error', unheard);
    return connection;
  };
  const examine = async ({ socket, chain, peer }: Live): Promise<void> => {
    try {
      const now = await checkPeer(chain, view);
      if (live.has(socket)) live.set(socket, { socket, chain, peer: now });
    } catch (error) {
      if (live.has(socket)) refuseSocket(socket, error, peer);
    }
  };
  const lookOnce = async (): Promise<void> => {
    await view.refresh();
    await forEachBounded([...live.values()], CONCURRENCY, examine);
  };
  return {
    async connect(to) {
      const socket = await shakeHands(to, { view, identity });
      return admit(socket).catch((cause: unknown) => {
        throw refuseSocket(socket, cause);
      });
    },
    listen: (at, onPeer) => listenForPeers(at, { view, identity, admit, refuseSocket, onPeer }),
    look: coalesced(lookOnce),
    live: () => [...live.values()],
    close() {
      for (const socket of live.keys()) socket.destroy();
      live.clear();
    },
  };
}

interface ServerParts {
  readonly view: LedgerView;
  readonly identity: PeerIdentity;
  readonly admit: (socket: TLSSocket) => Promise<PeerConnection>;
  readonly refuseSocket: (socket: TLSSocket, cause: unknown) => AppError;
  readonly onPeer: (one: PeerConnection) => void;
}

async function listenForPeers(
  { host, port }: { readonly host: string; readonly port: number },
  { view, identity, admit, refuseSocket, onPeer }: ServerParts,
): Promise<PeerServer> {
  const open = new Set<TLSSocket>();
  // Verified by us, so that a refusal has its reason; nobody but `admit` sees a socket before.
  const asked = {
    ...{ requestCert: true, rejectUnauthorized: false, handshakeTimeout: HANDSHAKE_MILLISECONDS },
    // A resumed session would show no certificate.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
  const server = createServer({ ...asked, ...identity, ca: [] });
  let known: string | undefined;
  // Before the handshake begins: the roots of this moment.
  server.prependListener('connection', (raw) => {
    try {
      const bundle = view.bundle();
      const roots = bundle.anchors.map(({ id }) => toHex(id)).join();
      if (roots !== known)
        server.setSecureContext({ ...asked, ...ledgerSecureContextOptions(bundle, identity) });
      known = roots;
    } catch (error) {
      raw.destroy();
      if (!isAppError(error)) throw error;
    }
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('secureConnection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (!socket.authorized) {
      const isSilent = shownBy(socket).length === 0;
      return void refuseSocket(
        socket,
        isSilent ? refuse('tls_no_certificate', undefined) : socket.authorizationError,
      );
    }
    admit(socket).then(onPeer, (error: unknown) => refuseSocket(socket, error));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
