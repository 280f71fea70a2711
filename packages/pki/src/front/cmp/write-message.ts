import { type Bytes, equalBytes } from '@attestel/core';
import { der, parseCertificate } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';
import { identifierOf, type SigningKey } from '../../asn1/signing-key.ts';
import { fail } from '../errors.ts';
import { ACCEPTED, type CmpFailure, GRANTED_WITH_MODS, rejection } from './fail-info.ts';
import { BODY } from './message.ts';

/** Who signs the answers: a certificate for digital signatures under the operator's CA (RFC 9483 §1.5). */
export interface CmpSigner {
  readonly key: SigningKey;
  /** DER. */
  readonly certificate: Bytes;
  /** DER of the CAs above it, its issuer first. */
  readonly chain: readonly Bytes[];
}

/** The same, with what every answer says of it, read once. */
export interface PreparedSigner {
  readonly key: SigningKey;
  /** DER GeneralName. */
  readonly sender: Bytes;
  readonly keyId: Bytes | undefined;
  readonly extraCerts: Bytes;
}

/** @throws AppError cmp_signer_mismatch, certificate_* */
export function prepareSigner({ key, certificate, chain }: CmpSigner): PreparedSigner {
  const { subject, spki, extensions } = parseCertificate(certificate);
  if (!equalBytes(spki, key.spki)) throw fail('cmp_signer_mismatch');
  return {
    key,
    sender: der.explicit(4, subject),
    keyId: extensions.ski,
    // The signer's certificate first, then its chain with the root, for devices that learn it here.
    extraCerts: der.explicit(1, der.sequence(certificate, ...chain)),
  };
}

export interface AnswerHeader {
  readonly version: number;
  /** DER GeneralName. */
  readonly recipient: Bytes;
  /** Unix seconds. */
  readonly time: number;
  readonly transactionId: Bytes | undefined;
  readonly senderNonce: Bytes;
  readonly recipientNonce: Bytes | undefined;
  readonly grantsImplicitConfirm: boolean;
}

/** One alternative of PKIBody. */
export interface Body {
  readonly kind: number;
  readonly content: Bytes;
}

/** DER of a signed PKIMessage (RFC 9810 §5.1). */
export async function writeCmpMessage(
  header: AnswerHeader,
  body: Body,
  signer: PreparedSigner,
): Promise<Bytes> {
  const parts = [writeHeader(header, signer), der.explicit(body.kind, body.content)];
  const signature = await signer.key.sign(der.sequence(...parts));
  return der.sequence(...parts, der.explicit(0, der.bitString(signature)), signer.extraCerts);
}

function writeHeader(header: AnswerHeader, { key, sender, keyId }: PreparedSigner): Bytes {
  const octets = (n: number, value: Bytes | undefined): Bytes[] =>
    value ? [der.explicit(n, der.octetString(value))] : [];
  return der.sequence(
    der.integer(header.version),
    sender,
    header.recipient,
    der.explicit(0, der.generalizedTime(header.time)),
    der.explicit(1, identifierOf(key)),
    ...octets(2, keyId),
    ...octets(4, header.transactionId),
    ...octets(5, header.senderNonce),
    ...octets(6, header.recipientNonce),
    ...(header.grantsImplicitConfirm ? [der.explicit(8, der.sequence(IMPLICIT_CONFIRM))] : []),
  );
}

const IMPLICIT_CONFIRM = der.sequence(der.oid(OID.implicitConfirm), der.null());
/** GeneralName of nobody: an empty directory name. */
export const NOBODY: Bytes = der.explicit(4, der.sequence());

/** CertRepMessage (RFC 9810 §5.3.4) with the certificate. */
export function certificateBody(
  kind: number,
  certReqId: number,
  { certificate, isModified = false }: { readonly certificate: Bytes; readonly isModified?: boolean },
  caPubs: readonly Bytes[],
): Body {
  const status = isModified ? GRANTED_WITH_MODS : ACCEPTED;
  const id = certReqId < 0 ? MINUS_ONE : der.integer(certReqId);
  const keyPair = der.sequence(der.explicit(0, certificate));
  const published = caPubs.length > 0 ? [der.explicit(1, der.sequence(...caPubs))] : [];
  return {
    kind,
    content: der.sequence(...published, der.sequence(der.sequence(id, status, keyPair))),
  };
}

const MINUS_ONE = der.element(0x02, Uint8Array.of(0xff));

/** RevRepContent for one certificate (RFC 9810 §5.3.10). */
export const revokedBody: Body = { kind: BODY.rp, content: der.sequence(der.sequence(ACCEPTED)) };

export const confirmedBody: Body = { kind: BODY.pkiconf, content: der.null() };

/** ErrorMsgContent (RFC 9810 §5.3.21). */
export const errorBody = (failure: CmpFailure, text: string): Body => ({
  kind: BODY.error,
  content: der.sequence(rejection(failure, text)),
});

/** GenRepContent with the CA certificates; types that are not known are passed over (RFC 9810 §5.3.20). */
export const caCertificatesBody = (certificates: readonly Bytes[] | undefined): Body => ({
  kind: BODY.genp,
  content: certificates
    ? der.sequence(der.sequence(der.oid(OID.caCerts), der.sequence(...certificates)))
    : der.sequence(),
});
