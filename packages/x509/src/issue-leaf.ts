import { type Bytes, equalBytes, type MultikeyBytes, type Signer, toHex } from '@attestel/core';
import { authorCertificate, keyIdOf, nameOf, subjectKeyId } from './author.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from './authoring-library.ts';
import { parseCertificate } from './certificate.ts';

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
  if (!equalBytes(root.publicKey, issuer.signer.publicKey)) {
    throw new TypeError('certificate: the signer is not the issuer of the certificate');
  }
  if (request.notBefore < root.notBefore || request.notAfter > root.notAfter) {
    throw new TypeError('certificate: the leaf would outlive its issuer');
  }
  const leaf = await authorCertificate(
    {
      serial: request.serial,
      issuer: new X509Certificate(new Uint8Array(issuer.certificate)).subjectName,
      subject: nameOf(request.subjectName),
      publicKey,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new SubjectAlternativeNameExtension(alternativeNames(request.did, request.url)),
        subjectKeyId(publicKey),
        new AuthorityKeyIdentifierExtension(
          root.subjectKeyId ? toHex(root.subjectKeyId) : keyIdOf(root.publicKey),
        ),
      ],
    },
    issuer.signer,
  );
  if (!equalBytes(parseCertificate(leaf).issuerDer, root.subjectDer)) {
    throw new TypeError('certificate: the issuer name was not written as in the root');
  }
  return leaf;
}

type AlternativeName = { type: 'url' | 'dns'; value: string };

function alternativeNames(did: string, url: string | undefined): AlternativeName[] {
  if (!/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(did)) throw new TypeError('certificate: not a DID');
  const names: AlternativeName[] = [{ type: 'url', value: did }];
  if (url === undefined) return names;
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) throw new TypeError('certificate: not an http(s) URL');
  names.push({ type: 'url', value: url });
  const { hostname } = new URL(url);
  // Addresses are no DNS names (RFC 5280 §4.2.1.6).
  if (!/^\[|^[\d.]+$/.test(hostname)) names.push({ type: 'dns', value: hostname });
  return names;
}
