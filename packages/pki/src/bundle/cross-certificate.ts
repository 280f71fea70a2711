import { type Bytes, type Clock, equalBytes, unixSeconds } from '@attestel/core';
import {
  type Certificate,
  extension,
  freshSerial,
  type GeneralName,
  type NameConstraints,
  parseCertificate,
  writeCertificate,
  writeName,
} from '@attestel/x509';
import type { SigningKey } from '../asn1/signing-key.ts';
import { keyIdOf } from '../ca/profile.ts';
import type { Scope } from '../rules/scope.ts';
import { fail } from './errors.ts';
import type { TrustedAnchor } from './trust-bundle.ts';

/** A member's ledger root: what its unmodified TLS and IKE stacks trust, and nothing else. */
export interface CrossAuthority {
  /** DER. */
  readonly certificate: Bytes;
  readonly key: SigningKey;
}

export interface CrossOptions extends CrossAuthority {
  readonly clock: Clock;
  /** Longest life of a cross-certificate, seconds. Default 7 days: whoever ends a relation early waits no longer. */
  readonly lifetime?: number;
}

const DAY = 86_400;
/** Clocks of gateways run behind. */
const BACKDATED_SECONDS = 300;
/** CAs below a cross-certified one: with root, cross-certificate and leaf, no longer than the ledger's own paths. */
const MAX_PATH_LENGTH = 2;

/**
 * Certificate for the key of another operator's anchor under one's own ledger root, for stacks that know only roots.
 * The names that the ledger admitted the anchor for stand in it as critical name constraints: in a root they may be
 * ignored, here not (RFC 5280 §6.2). It ends with the relation, and soon in any case.
 * @returns DER
 * @throws AppError cross_*, certificate_*
 */
export async function issueCrossCertificate(
  anchor: Pick<TrustedAnchor, 'certificate' | 'scope' | 'until'>,
  { certificate, key, clock, lifetime = 7 * DAY }: CrossOptions,
): Promise<Bytes> {
  const [root, other] = [parseCertificate(certificate), parseCertificate(anchor.certificate)];
  if (!equalBytes(root.spki, key.spki)) throw fail('cross_key_mismatch');
  if (equalBytes(root.spki, other.spki)) throw fail('cross_own_anchor');
  const now = unixSeconds(clock);
  // The last second of both: `until` is the first one without trust, notAfter the last one with it.
  const notAfter = Math.min(now + lifetime, anchor.until - 1, other.notAfter, root.notAfter);
  if (notAfter < now || now < root.notBefore) throw fail('cross_over');
  return writeCertificate(
    {
      ...{ serial: freshSerial(), issuer: root.subject, subject: other.subject, spki: other.spki },
      ...{ notBefore: Math.max(now - BACKDATED_SECONDS, root.notBefore), notAfter },
      extensions: [
        extension.basicConstraints({ ca: true, pathLength: pathLengthOf(root, other) }),
        extension.keyUsage(['keyCertSign', 'cRLSign']),
        // What the anchor's own certificates name as the key above them.
        extension.ski(keyIdentifier(other)),
        extension.aki({ keyId: keyIdentifier(root) }),
        extension.nameConstraints(constraintsOf(anchor.scope)),
      ],
      signatureAlgorithm: key.algorithm,
    },
    (tbs) => key.sign(tbs),
  );
}

const keyIdentifier = ({ extensions, spki }: Certificate): Bytes => extensions.ski ?? keyIdOf(spki);

/** What the anchor allows itself, and no more than its new root allows it. */
function pathLengthOf(root: Certificate, other: Certificate): number {
  const left = (root.extensions.basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY) - 1;
  if (left < 0) throw fail('cross_path_length');
  return Math.min(left, other.extensions.basicConstraints?.pathLength ?? MAX_PATH_LENGTH, MAX_PATH_LENGTH);
}

/**
 * DNS names of the scope and none else; no addresses, and no mailbox but of a domain that cannot exist (RFC 2606 §2).
 * URIs stay free: those of network functions have no host, and a constraint would refuse them all (RFC 5280 §4.2.1.10).
 */
function constraintsOf({ dns }: Scope): NameConstraints {
  if (dns.length === 0) throw fail('cross_without_name');
  const ip = (octets: number): GeneralName => ({ kind: 'ip', value: new Uint8Array(2 * octets) });
  return {
    permitted: [
      ...dns.map((value): GeneralName => ({ kind: 'dns', value })),
      { kind: 'email', value: 'invalid' },
    ],
    excluded: [ip(4), ip(16)],
  };
}

export interface LedgerRootOptions {
  /** Common name. */
  readonly name: string;
  readonly key: SigningKey;
  /** Unix seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** DER of a root that certifies other operators' authorities and nobody else. */
export function signLedgerRoot({ name, key, notBefore, notAfter }: LedgerRootOptions): Promise<Bytes> {
  const subject = writeName([['commonName', name]]);
  const keyId = keyIdOf(key.spki);
  return writeCertificate(
    {
      ...{ serial: freshSerial(), issuer: subject, subject, spki: key.spki, notBefore, notAfter },
      extensions: [
        extension.basicConstraints({ ca: true, pathLength: MAX_PATH_LENGTH + 1 }),
        extension.keyUsage(['keyCertSign', 'cRLSign']),
        extension.ski(keyId),
        extension.aki({ keyId }),
      ],
      signatureAlgorithm: key.algorithm,
    },
    (tbs) => key.sign(tbs),
  );
}
