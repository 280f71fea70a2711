import type { Bytes, HttpRequest } from '@attestel/core';

/** Certificates that the client showed in the TLS handshake, its own first; none over plain HTTP. */
export type ReadPeerCertificates = (request: HttpRequest) => readonly Bytes[];

/** Longest chain that is looked at. */
const MAX_CHAIN = 8;

interface NodePeer {
  readonly raw?: Uint8Array;
  readonly issuerCertificate?: NodePeer;
}

interface NodeTlsSocket {
  readonly getPeerCertificate?: (detailed: true) => NodePeer;
}

/**
 * From Node's own socket. Whether they are trusted is decided by our own path rules and not by TLS, which is
 * set up to ask for a certificate and to take any (`requestCert`, not `rejectUnauthorized`).
 */
export const nodePeerCertificates: ReadPeerCertificates = ({ raw }) => {
  const socket = (raw?.req as { socket?: NodeTlsSocket } | undefined)?.socket;
  const chain: Bytes[] = [];
  let peer = socket?.getPeerCertificate?.(true);
  // A self-signed certificate is its own issuer, so the chain would never end.
  while (peer?.raw && chain.length < MAX_CHAIN) {
    chain.push(new Uint8Array(peer.raw));
    peer = peer.issuerCertificate === peer ? undefined : peer.issuerCertificate;
  }
  return chain;
};
