import {
  checkServerIdentity,
  createSecureContext,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls';
import { type Bytes, isAppError } from '@attestel/core';
import { certificatePem } from '../bundle/pem.ts';
import type { TrustBundle } from '../bundle/trust-bundle.ts';
import { refuse } from './errors.ts';
import { judgePeer, type PeerChain } from './judge-peer.ts';
import type { LedgerView } from './ledger-view.ts';

/** Who one is oneself. */
export interface PeerIdentity {
  /** PEM, one's own certificate first. */
  readonly cert: string;
  /** PEM, or what else `node:tls` takes. */
  readonly key: NonNullable<SecureContextOptions['key']>;
}

/** Options of `node:tls` and `node:https` by which a stack trusts the roots of a bundle and nothing else. */
export function ledgerSecureContextOptions(
  bundle: TrustBundle,
  identity: PeerIdentity,
): SecureContextOptions {
  // Without any, the platform's own roots would be taken.
  if (bundle.anchors.length === 0) throw refuse('tls_untrusted', bundle.version);
  return {
    ...identity,
    ca: bundle.anchors.map(({ certificate }) => certificatePem(certificate)),
    // An anchor is trusted by itself, also where it has an issuer.
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
  };
}

/** @throws AppError tls_trust_unknown, tls_trust_stale, tls_untrusted where nobody is trusted */
export const createLedgerSecureContext = (view: LedgerView, identity: PeerIdentity): SecureContext =>
  createSecureContext(ledgerSecureContextOptions(view.bundle(), identity));

/**
 * For `checkServerIdentity` of `node:tls` and `node:https`: name and everything that the bundle decides. It cannot wait,
 * so whether the certificate itself is good must be asked afterwards, with `checkPeer`.
 * @param hostname null: the peer has no host name, as things have none; whoever uses it looks at the facts itself
 */
export const createCheckServerIdentity =
  (view: LedgerView, hostname?: string | null) =>
  (host: string, certificate: PeerCertificate): Error | undefined => {
    try {
      const bundle = view.bundle();
      judgePeer(chainOf(certificate), bundle, view.roles);
      const mismatch = hostname === null ? undefined : checkServerIdentity(hostname ?? host, certificate);
      return mismatch && refuse('tls_name', bundle.version, { cause: mismatch });
    } catch (error) {
      if (isAppError(error)) return error;
      throw error;
    }
  };

/** DER of what `getPeerCertificate(true)` gives: links that end in themselves. That last one is no part of a path. */
export function chainOf(certificate: PeerCertificate | null | undefined): PeerChain {
  const chain: Bytes[] = [];
  let next = certificate as Partial<DetailedPeerCertificate> | null | undefined;
  while (next?.raw) {
    chain.push(new Uint8Array(next.raw));
    const issuer: DetailedPeerCertificate | undefined = next.issuerCertificate;
    // Roots are there because one trusts them oneself, not because a peer showed them.
    if (issuer === undefined || issuer.issuerCertificate === issuer) break;
    next = issuer;
  }
  return chain;
}
