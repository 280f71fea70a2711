import type { Bytes } from '@attestel/core';
import { der } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const P256 = '1.2.840.10045.3.1.7';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

const P256_PARTS = [
  der.sequence(der.oid(EC_PUBLIC_KEY), der.setOf(der.oid(P256))),
  der.oid(ECDSA_SHA256),
] as const;

/** CsrAttrs that ask for a P-256 key and a signature with SHA-256 (RFC 7030 §4.5.2, RFC 8951 §3.5). */
export const P256_ATTRIBUTES: Bytes = der.sequence(...P256_PARTS);

/** The same, and for a challenge password with this value. */
export const attributesWithPassword = (password: string): Bytes =>
  der.sequence(
    der.sequence(der.oid(OID.challengePassword), der.setOf(der.utf8String(password))),
    ...P256_PARTS,
  );
