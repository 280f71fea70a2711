import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import { contextTag, der, keyBits, parsePublicKey, TAG, writeExtension } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';
import { identifierOf, type SigningKey } from '../../asn1/signing-key.ts';
import type { CertificateStatus } from '../status-source.ts';
import { BackwardDer } from './backward-der.ts';
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
  const { statements, nonce } = content;
  const certIds = statements.reduce((sum, [{ bytes }]) => sum + bytes.length, 0);
  const room = HEADS + certIds + statements.length * STATEMENT + (nonce?.length ?? 0);
  // One piece of memory: the signed part ends where what follows it begins, and heads go before it.
  const out = new BackwardDer(room, MAX_SIGNATURE + signer.certs.length);
  writeData(out, content, signer);
  const signature = der.bitString(await signer.key.sign(out.bytes()));
  out.append(identifierOf(signer.key), signature, signer.certs);
  out.wrap(TAG.sequence).wrap(TAG.octetString).put(OCSP_BASIC).wrap(TAG.sequence);
  return out.wrap(contextTag(0)).put(SUCCESSFUL).wrap(TAG.sequence).bytes();
}

/** Octets of one SingleResponse beside its CertID, and of everything else but the nonce, at most. */
const STATEMENT = 96;
const HEADS = 256;
/** Of RSA-4096, with its algorithm. */
const MAX_SIGNATURE = 640;

/** ResponseData (RFC 6960 §4.2.1), the last field first. */
function writeData(out: BackwardDer, content: OcspResponseContent, { responderId }: OcspSignerParts): void {
  const { nonce, statements } = content;
  const [thisUpdate, nextUpdate] = [timeOf(content.thisUpdate), timeOf(content.nextUpdate)];
  out.put(nonce ? der.explicit(1, der.sequence(nonce, EXTENDED_REVOKE)) : NO_NONCE);
  const responses = out.end;
  for (let i = statements.length - 1; i >= 0; i--) {
    const [certId, statement] = statements[i] as OcspResponseContent['statements'][number];
    const single = out.end;
    out.put(nextUpdate).wrap(contextTag(0), single).put(thisUpdate).put(writeStatus(statement));
    out.put(certId.bytes).wrap(TAG.sequence, single);
  }
  out.wrap(TAG.sequence, responses).put(timeOf(content.producedAt)).put(responderId).wrap(TAG.sequence);
}

const SUCCESSFUL = der.enumerated(OCSP_STATUS.successful);
/** `revoked` here also covers certificates that were never issued (RFC 6960 §4.4.8). */
const EXTENDED_REVOKE = writeExtension(OID.ocspExtendedRevoke, false, der.null());
const NO_NONCE = der.explicit(1, der.sequence(EXTENDED_REVOKE));
const OCSP_BASIC = der.oid(OID.ocspBasic);

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
