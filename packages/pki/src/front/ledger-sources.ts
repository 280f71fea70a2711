import { equalBytes } from '@attestel/core';
import { type Certificate, parseCertificate } from '@attestel/x509';
import { anchorStanding } from '../state/standing.ts';
import type { Anchor, CheckResult, Pki, Verdict } from '../types.ts';
import { createPeerTrust, type PeerTrust } from './peer-trust.ts';
import { rememberLookups } from './remember-lookups.ts';
import type { CertificateStatus, CertificateStatusSource, StatusIssuer } from './status-source.ts';

type PkiReads = Pick<Pki, 'byIssuerAndSerial' | 'check' | 'checkHash' | 'anchors' | 'trustVersion' | 'now'>;

/** CRLReason (RFC 5280 §5.3.1) of the ledger's words; what has none is `unspecified`, which is not written. */
const CRL_REASONS: Readonly<Record<string, number>> = {
  'key-compromise': 1,
  'clone-detected': 1,
  'ca-compromise': 2,
  'affiliation-changed': 3,
  'cessation-of-operation': 5,
  'privilege-withdrawn': 9,
};
const SUPERSEDED = 4;

/** The state of a certificate, where the ledger stands behind it at all. */
const STATES: Readonly<Record<Verdict, CertificateStatus['state'] | undefined>> = {
  good: 'published',
  // Validity is for whoever asks to check: OCSP says only whether it was withdrawn (RFC 6960 §2.2).
  'not-yet-valid': 'published',
  expired: 'published',
  suspended: 'suspended',
  'batch-suspended': 'suspended',
  'anchor-suspended': 'suspended',
  revoked: 'revoked',
  superseded: 'revoked',
  unknown: undefined,
  'anchor-under-notice': undefined,
  'anchor-ended': undefined,
};

export interface LedgerSourceOptions {
  /**
   * Unix seconds at which the state is known to have been the ledger's. Default: time of the last block, which stands
   * still while nothing happens; whoever knows of later cosignatures says so.
   */
  readonly asOf?: () => number;
}

export interface LedgerStatusOptions extends LedgerSourceOptions {
  /** Of the ledger's last block. Given, a certificate and the trust list are looked up once a block. */
  readonly height?: () => number;
}

/** Status of certificates as the ledger has it, for OCSP and for certificates that sign messages. */
export function ledgerStatusSource(
  pki: PkiReads,
  { asOf = () => pki.now(), height }: LedgerStatusOptions = {},
): CertificateStatusSource {
  let known: { height: number | undefined; version: number; issuers: readonly StatusIssuer[] } | undefined;
  const byName: CertificateStatusSource['byName'] = (issuer, serial) => {
    const hash = pki.byIssuerAndSerial(issuer, serial);
    return hash && statusOf(pki.checkHash(hash));
  };
  return {
    byName: height ? rememberLookups(byName, height) : byName,
    issuers() {
      const now = height?.();
      if (known && now !== undefined && known.height === now) return known.issuers;
      const version = pki.trustVersion();
      const issuers = known?.version === version ? known.issuers : issuersOf(pki.anchors());
      known = { height: now, version, issuers };
      return issuers;
    },
    asOf,
  };
}

/** Undefined where the ledger does not stand behind the certificate. */
export function statusOf({ verdict, since, at, reason }: CheckResult): CertificateStatus | undefined {
  const state = STATES[verdict];
  if (!state) return undefined;
  const common = { state, since: since ?? at };
  if (state !== 'revoked') return common;
  return { ...common, reason: verdict === 'superseded' ? SUPERSEDED : CRL_REASONS[reason ?? ''] };
}

/** Several anchors may be one CA with different scopes: the same issuer for OCSP. */
function issuersOf(anchors: readonly Anchor[]): StatusIssuer[] {
  const issuers: StatusIssuer[] = [];
  for (const { certificate } of anchors) {
    if (!certificate) continue;
    const { subject, spki } = parseCertificate(certificate);
    const isKnown = issuers.some((one) => equalBytes(one.name, subject) && equalBytes(one.spki, spki));
    if (!isKnown) issuers.push({ name: subject, spki });
  }
  return issuers;
}

type ReadAnchor = { readonly anchor: Anchor; readonly certificate: Certificate };

/** Anchors that have certificates, read once for each version of the trust list: devices ask more often than it changes. */
function trustList(pki: PkiReads): () => readonly ReadAnchor[] {
  let known: { readonly version: number; readonly anchors: readonly ReadAnchor[] } | undefined;
  return () => {
    const version = pki.trustVersion();
    if (known?.version === version) return known.anchors;
    const anchors = pki
      .anchors()
      .flatMap((anchor) =>
        anchor.certificate ? [{ anchor, certificate: parseCertificate(anchor.certificate) }] : [],
      );
    known = { version, anchors };
    return anchors;
  };
}

/** Trust in signers of messages by the anchors in force at the time of each message. */
export function ledgerPeerTrust(pki: PkiReads): PeerTrust {
  const read = trustList(pki);
  return createPeerTrust({
    anchors(at) {
      const inForce = read().filter(({ anchor }) => anchorStanding(anchor, at) === 'in-force');
      const of = (kind: Anchor['scope']['kind']) =>
        inForce.flatMap(({ anchor, certificate }) => (anchor.scope.kind === kind ? [certificate] : []));
      return { vendor: of('vendor'), operator: of('operator') };
    },
    standing(certificate, at) {
      const { verdict } = pki.check(certificate, at);
      if (verdict === 'good' || verdict === 'unknown') return verdict;
      return 'withdrawn';
    },
  });
}
