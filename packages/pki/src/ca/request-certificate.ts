import type { Bytes } from '@attestel/core';
import { der, extension, writeName } from '@attestel/x509';
import { OID } from '../asn1/oids.ts';
import { type SigningKey, signWith } from '../asn1/signing-key.ts';
import { keyIdOf } from './profile.ts';

export interface AuthorityRequest {
  /** Common name of the CA. */
  readonly name: string;
  /** Organisation, above the common name. */
  readonly organization?: string | undefined;
  readonly key: SigningKey;
}

/**
 * DER of a PKCS #10 request (RFC 2986 §4) by which another CA certifies this one's key: a CA that issues leaves
 * directly, asked for in `extensionRequest` (RFC 2985 §5.4.2). The key stays where it is.
 */
export function requestAuthorityCertificate({ name, organization, key }: AuthorityRequest): Promise<Bytes> {
  const extensions = der.sequence(
    extension.basicConstraints({ ca: true, pathLength: 0 }),
    extension.keyUsage(['keyCertSign', 'cRLSign']),
    extension.ski(keyIdOf(key.spki)),
  );
  const attribute = der.sequence(der.oid(OID.extensionRequest), der.setOf(extensions));
  const subject = writeName([
    ...(organization === undefined ? [] : [['organization', organization] as const]),
    ['commonName', name] as const,
  ]);
  const info = der.sequence(der.integer(0), subject, key.spki, der.implicit(0, der.setOf(attribute)));
  return signWith(key, info);
}
