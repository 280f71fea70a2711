import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import { der, keyBits, parsePublicKey, writeExtension } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';
import { identifierOf, type SigningKey } from '../../asn1/signing-key.ts';
import type { CertificateStatus } from '../status-source.ts';
import type { CertId } from './request.ts';

/** OCSPResponseStatus (RFC 6960 §4.2.1). */
export const OCSP_STATUS = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  unauthorized: 6,
} as const;

/** Who answers: a key and the certificate that clients know it by, delegated by the CA or trusted locally. */
export interface OcspSigner {
  readonly key: SigningKey;
  /** DER; sent along, so that clients need not have it. */
  readonly certificate: Bytes;
}

/** What never changes from answer to answer of one signer. */
export interface OcspSignerParts {
  readonly key: SigningKey;
  readonly responderId: Bytes;
  readonly certs: Bytes;
}

/** responderID byKey: SHA-1 of the bits of the key (RFC 6960 §4.2.1). */
export function signerParts({ key, certificate }: OcspSigner): OcspSignerParts {
  const keyHash = createHash('sha1')
    .update(keyBits(parsePublicKey(key.spki)))
    .digest();
  return {
    key,
    responderId: der.explicit(2, der.octetString(keyHash)),
    certs: der.explicit(0, der.sequence(certificate)),
  };
}

/** An answer without a statement about any certificate (RFC 6960 §2.3). */
export const ocspError = (status: number): Bytes => der.sequence(der.enumerated(status));

/** `unpublished`: nobody put it on the ledger; `foreign`: its issuer is none that we answer for. */
export type OcspStatement = CertificateStatus | 'unpublished' | 'foreign';

export interface OcspResponseContent {
  readonly statements: readonly (readonly [CertId, OcspStatement])[];
  /** Whole nonce extension of the request. */
  readonly nonce: Bytes | undefined;
  /** Unix seconds. */
  readonly producedAt: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** DER of a signed OCSPResponse (RFC 6960 §4.2.1). */
export async function writeOcspResponse(
  content: OcspResponseContent,
  signer: OcspSignerParts,
): Promise<Bytes> {
  const times = [timeOf(content.thisUpdate), der.explicit(0, timeOf(content.nextUpdate))];
  const responses = content.statements.map(([certId, statement]) =>
    der.sequence(certId.bytes, writeStatus(statement), ...times),
  );
  const extensions = content.nonce ? [content.nonce, EXTENDED_REVOKE] : [EXTENDED_REVOKE];
  const data = der.sequence(
    signer.responderId,
    timeOf(content.producedAt),
    der.sequence(...responses),
    der.explicit(1, der.sequence(...extensions)),
  );
  const signature = der.bitString(await signer.key.sign(data));
  const basic = der.sequence(data, identifierOf(signer.key), signature, signer.certs);
  return der.sequence(
    SUCCESSFUL,
    der.explicit(0, der.sequence(der.oid(OID.ocspBasic), der.octetString(basic))),
  );
}

const SUCCESSFUL = der.enumerated(OCSP_STATUS.successful);
/** `revoked` here also covers certificates that were never issued (RFC 6960 §4.4.8). */
const EXTENDED_REVOKE = writeExtension(OID.ocspExtendedRevoke, false, der.null());

const EMPTY = new Uint8Array();
const GOOD = der.element(0x80, EMPTY);
const UNKNOWN = der.element(0x82, EMPTY);
const CERTIFICATE_HOLD = 6;
/** Whatever nobody published counts as on hold since 1970-01-01 (RFC 6960 §2.2). */
const NEVER_ISSUED = der.explicit(
  1,
  der.generalizedTime(0),
  der.explicit(0, der.enumerated(CERTIFICATE_HOLD)),
);

function writeStatus(statement: OcspStatement): Bytes {
  if (statement === 'foreign') return UNKNOWN;
  if (statement === 'unpublished') return NEVER_ISSUED;
  const { state, since, reason } = statement;
  if (state === 'published') return GOOD;
  return writeRevoked(since, state === 'suspended' ? CERTIFICATE_HOLD : reason);
}

function writeRevoked(since: number, reason: number | undefined): Bytes {
  const time = timeOf(since);
  return reason === undefined
    ? der.explicit(1, time)
    : der.explicit(1, time, der.explicit(0, der.enumerated(reason)));
}

const TIMES = new Map<number, Bytes>();
const MAX_TIMES = 1024;

/** Thousands of answers share a second, and writing it costs as much as all else but the signature. */
function timeOf(unixSeconds: number): Bytes {
  const known = TIMES.get(unixSeconds);
  if (known) return known;
  if (TIMES.size >= MAX_TIMES) TIMES.clear();
  const written = der.generalizedTime(unixSeconds);
  TIMES.set(unixSeconds, written);
  return written;
}
