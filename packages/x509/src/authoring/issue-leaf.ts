import { type Bytes, equalBytes, type MultikeyBytes, type Signer } from '@attestel/core';
import { parseCertificate } from '../certificate/certificate.ts';
import type { GeneralName } from '../certificate/general-name.ts';
import { multikeyOf } from '../certificate/public-key.ts';
import { authorCertificate, keyIdOf, nameOf, subjectKeyId } from './author.ts';
import { extension } from './write-extensions.ts';

export interface LeafRequest {
  /** A root made by `createRootCertificate` and the signer of its key. */
  readonly issuer: { readonly certificate: Bytes; readonly signer: Signer };
  /** The subject's assertion key, the same as in its DID document. */
  readonly publicKey: MultikeyBytes;
  readonly subjectName: string;
  readonly did: string;
  /** Credential issuer URL; its exact text becomes a SAN URI, its host a DNS name. */
  readonly url?: string;
  /** Unix seconds, inclusive; within the validity of the root. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial?: Bytes;
}

/**
 * DER of a leaf that may sign and nothing else, and names the DID (credentials reference §2: one key,
 * two anchors). @throws TypeError when the request is inconsistent with the issuer
 */
export async function issueLeafCertificate(request: LeafRequest): Promise<Bytes> {
  const { issuer, publicKey } = request;
  const root = parseCertificate(issuer.certificate);
  const rootKey = multikeyOf(root.key);
  if (!equalBytes(rootKey, issuer.signer.publicKey)) {
    throw new TypeError('certificate: the signer is not the issuer of the certificate');
  }
  if (request.notBefore < root.notBefore || request.notAfter > root.notAfter) {
    throw new TypeError('certificate: the leaf would outlive its issuer');
  }
  return authorCertificate(
    {
      serial: request.serial,
      issuer: root.subject,
      subject: nameOf(request.subjectName),
      publicKey,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      extensions: [
        extension.basicConstraints({ ca: false }),
        extension.keyUsage(['digitalSignature']),
        extension.san(alternativeNames(request.did, request.url)),
        subjectKeyId(publicKey),
        extension.aki({ keyId: root.extensions.ski ?? keyIdOf(rootKey) }),
      ],
    },
    issuer.signer,
  );
}

function alternativeNames(did: string, url: string | undefined): GeneralName[] {
  if (!/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(did)) throw new TypeError('certificate: not a DID');
  const names: GeneralName[] = [{ kind: 'uri', value: did }];
  if (url === undefined) return names;
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) throw new TypeError('certificate: not an http(s) URL');
  names.push({ kind: 'uri', value: url });
  const { hostname } = new URL(url);
  // Addresses are no DNS names (RFC 5280 §4.2.1.6).
  if (!/^\[|^[\d.]+$/.test(hostname)) names.push({ kind: 'dns', value: hostname });
  return names;
}
