import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { type AppError, isAppError } from '@attestel/core';
import { refuse } from './errors.ts';
import type { PeerChain } from './judge-peer.ts';
import type { LedgerView } from './ledger-view.ts';
import {
  chainOf,
  createCheckServerIdentity,
  createLedgerSecureContext,
  type PeerIdentity,
} from './secure-context.ts';

export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  /** Name that the peer's certificate must have; null: things have none. */
  readonly hostname: string | null;
}

const HANDSHAKE_MILLISECONDS = 10_000;
/** How OpenSSL says that no root it was given stands above a certificate. */
const UNTRUSTED = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  // A root of the same name has another key.
  'CERT_SIGNATURE_FAILURE',
]);

/** A handshake by the roots of the bundle; whether the certificate is good is not known yet. @throws AppError tls_* */
export async function shakeHands(
  { host, port, hostname }: PeerAddress,
  { view, identity }: { readonly view: LedgerView; readonly identity: PeerIdentity },
): Promise<TLSSocket> {
  const socket = connect({
    ...{ host, port, rejectUnauthorized: true, ALPNProtocols: [] },
    ...(hostname === null ? {} : { servername: hostname }),
    secureContext: createLedgerSecureContext(view, identity),
    checkServerIdentity: createCheckServerIdentity(view, hostname),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MILLISECONDS) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw handshakeError(error, view);
  }
}

/** Of OpenSSL and of Node, in our terms. */
export function handshakeError(cause: unknown, view: LedgerView): AppError {
  if (isAppError(cause)) return cause;
  const code = errorCode(cause);
  const options = { ...(code === '' ? {} : { field: code }), cause };
  try {
    return refuse(UNTRUSTED.has(code) ? 'tls_untrusted' : 'tls_handshake', view.bundle().version, options);
  } catch (error) {
    // By now the trust list is too old: that is the reason then.
    if (isAppError(error)) return error;
    throw error;
  }
}

const errorCode = (error: unknown): string => {
  if (typeof error === 'string') return error;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
};

export const shownBy = (socket: TLSSocket): PeerChain => chainOf(socket.getPeerCertificate(true));
