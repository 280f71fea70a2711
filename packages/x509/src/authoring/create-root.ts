import type { Bytes, Signer } from '@attestel/core';
import { authorCertificate, nameOf, subjectKeyId } from './author.ts';
import { extension } from './write-extensions.ts';

export interface RootRequest {
  /** Common name of the root, shown to people. */
  readonly name: string;
  readonly signer: Signer;
  /** Unix seconds, inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial?: Bytes;
}

/** DER of a self-signed root that issues leaves directly (RFC 5280 §4.2.1.9: path length 0). */
export function createRootCertificate(request: RootRequest): Promise<Bytes> {
  const name = nameOf(request.name);
  const { publicKey } = request.signer;
  return authorCertificate(
    {
      serial: request.serial,
      issuer: name,
      subject: name,
      publicKey,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      extensions: [
        extension.basicConstraints({ ca: true, pathLength: 0 }),
        extension.keyUsage(['keyCertSign', 'cRLSign']),
        subjectKeyId(publicKey),
      ],
    },
    request.signer,
  );
}
