import { type Bytes, fromBase64, fromUtf8, type HttpRequest } from '@attestel/core';
import type { Requester } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { PeerTrust } from '../peer-trust.ts';
import type { ReadPeerCertificates } from './peer-certificate.ts';

/** Checks a name and a password given to an installer; resolves whether they are right. */
export type CheckAccount = (name: string, password: string) => Promise<boolean>;

export interface RequesterOptions {
  readonly trust: PeerTrust;
  readonly peerCertificates: ReadPeerCertificates;
  /** None: devices show certificates. */
  readonly checkAccount?: CheckAccount | undefined;
}

/**
 * Who asks: the certificate of the TLS handshake, else HTTP Basic (RFC 7030 §3.2.3, §3.3.2). A certificate that
 * leads to no anchor is refused, and not made good by a password.
 * @throws AppError est_unauthenticated, peer_*, certificate_*, path_*
 */
export async function identifyRequester(
  request: HttpRequest,
  at: number,
  { trust, peerCertificates, checkAccount }: RequesterOptions,
): Promise<Requester> {
  const [leaf, ...others] = peerCertificates(request);
  if (leaf) return trust.identify(leaf, others, at);
  const account = readBasic(request.headers.authorization);
  if (!account || !checkAccount || !(await checkAccount(account.name, account.password))) {
    throw fail('est_unauthenticated');
  }
  return { kind: 'account', name: account.name };
}

const MAX_CREDENTIALS = 512;

/** RFC 7617 §2. */
function readBasic(header: string | undefined): { name: string; password: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
  if (!encoded || encoded.length > MAX_CREDENTIALS) return undefined;
  const text = decoded(encoded);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 1) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decoded(encoded: string): string | undefined {
  try {
    const bytes: Bytes = fromBase64(encoded);
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}
