import { type AppError, type Bytes, equalBytes, isAppError } from '@attestel/core';
import {
  type Certificate,
  checkProfile,
  type Facts,
  type Path,
  parseCertificate,
  validatePath,
} from '@attestel/x509';
import type { TrustBundle, TrustedAnchor, TrustGrant } from '../bundle/trust-bundle.ts';
import type { CertificateRole } from '../rules/roles.ts';
import { refuse } from './errors.ts';
import type { LedgerView } from './ledger-view.ts';

/** What a peer showed in its handshake. DER, its own certificate first. */
export type PeerChain = readonly Bytes[];

/** Whom a connection is with. */
export interface Peer {
  readonly certificate: Certificate;
  /** Names, slices, network function types, serial number of the device. */
  readonly facts: Facts;
  /** The root that it stands under, and by which relations that is trusted. */
  readonly anchor: TrustedAnchor;
  /** Of the trust list that decided. */
  readonly trustVersion: number;
}

/** More certificates than any honest peer shows. */
const MAX_CHAIN = 8;

/**
 * Everything that the bundle decides, at its time: path to a trusted root, role, slice, network function types. Whether
 * the certificate itself is good is another question, for {@link checkPeer}.
 * @throws AppError tls_no_certificate, tls_untrusted, tls_path, tls_profile, tls_slice, tls_nf_type
 */
export function judgePeer(chain: PeerChain, bundle: TrustBundle, roles: readonly CertificateRole[]): Peer {
  const { version } = bundle;
  if (chain.length === 0 || chain.length > MAX_CHAIN) throw refuse('tls_no_certificate', version);
  const [certificate, ...intermediates] = parsed(chain, version) as [Certificate, ...Certificate[]];
  const path = pathOf(certificate, intermediates, bundle);
  const anchor = bundle.anchors.find((one) => equalBytes(one.certificate, path.anchor.der));
  if (!anchor) throw refuse('tls_untrusted', version);
  const facts = factsOf(certificate, roles, version);
  assertGranted(facts, anchor, bundle);
  return { certificate, facts, anchor, trustVersion: version };
}

function parsed(chain: PeerChain, version: number): Certificate[] {
  try {
    return chain.map(parseCertificate);
  } catch (cause) {
    if (!isAppError(cause)) throw cause;
    throw refuse('tls_path', version, { field: cause.code, cause });
  }
}

function pathOf(leaf: Certificate, intermediates: readonly Certificate[], bundle: TrustBundle): Path {
  const anchors = bundle.anchors.map((one) => parseCertificate(one.certificate));
  // All roots of a long list are looked at; the work that a peer can cause is bounded by the other limits.
  const limits = { pool: anchors.length + MAX_CHAIN };
  try {
    return validatePath({ leaf, intermediates, anchors, at: bundle.at, limits });
  } catch (cause) {
    if (!isAppError(cause)) throw cause;
    if (cause.code === 'path_untrusted') throw refuse('tls_untrusted', bundle.version, { cause });
    throw refuse('tls_path', bundle.version, { field: cause.code, cause });
  }
}

/** By the first role whose profile the certificate has; which one it was published for, the ledger knows. */
function factsOf(certificate: Certificate, roles: readonly CertificateRole[], version: number): Facts {
  let refusal: AppError | undefined;
  for (const role of roles) {
    try {
      return checkProfile(role, certificate);
    } catch (error) {
      if (!isAppError(error)) throw error;
      refusal ??= error;
    }
  }
  const field = refusal?.code ?? 'role';
  throw refuse('tls_profile', version, { field, cause: refusal });
}

function assertGranted(
  { snssais, nfTypes }: Facts,
  { grants }: TrustedAnchor,
  { name, version }: TrustBundle,
): void {
  // A certificate that names no slice is for all of its operator's; one that names some is for these.
  const isOther = name.kind === 'slice' && name.slice !== null && !snssais.includes(name.slice);
  if (isOther && snssais.length > 0) throw refuse('tls_slice', version);
  // What one relation grants is not mixed with what another does.
  const isGranted = ({ nfTypes: granted }: TrustGrant): boolean =>
    nfTypes.length > 0 && nfTypes.every((type) => granted.includes(type));
  if (grants && !grants.some(isGranted)) throw refuse('tls_nf_type', version);
}

/**
 * A peer in full: what the bundle decides, and what the ledger says of this very certificate, by the hash of all of it: a
 * copied serial number gains nothing.
 * @throws AppError tls_*, pki_node_unreachable, and others of kind proof-failed
 */
export async function checkPeer(chain: PeerChain, view: LedgerView): Promise<Peer> {
  // First without asking anybody: strangers make no work.
  judgePeer(chain, view.bundle(), view.roles);
  const { verdict, record } = await view.standing(chain[0] as Bytes);
  // Time has passed, and the bundle may be another.
  const bundle = view.bundle();
  if (verdict !== 'good' || !record) {
    throw refuse('tls_standing', bundle.version, { field: `certificate_${verdict}`, extra: { verdict } });
  }
  if (!view.roles.includes(record.role)) throw refuse('tls_other_anchor', bundle.version);
  const peer = judgePeer(chain, bundle, [record.role]);
  if (!equalBytes(record.anchor, peer.anchor.id)) throw refuse('tls_other_anchor', bundle.version);
  return peer;
}
