import type { Bytes, SignatureAlgorithm, Signer } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createRootCertificate, issueLeafCertificate, type LeafRequest } from '@attestel/x509';

export const NOW = 1_800_000_000;
export const YEAR = 31_536_000;
export const DID = 'did:mno:zQmExampleExampleExampleExample';
export const URL_TEXT = 'https://issuer.operator.example/tenant';

export async function newSigner(algorithm: SignatureAlgorithm = 'ES256'): Promise<Signer> {
  const store = createMemoryKeyStore();
  await store.generate({ purpose: 'certificate-authority', algorithm, ref: 'k' });
  return store.signer('k');
}

export interface Issued {
  readonly root: Bytes;
  readonly rootSigner: Signer;
  readonly leaf: Bytes;
  readonly leafSigner: Signer;
}

/** A root and a leaf, valid from NOW − 1 h for ten years and for one. */
export async function issue(
  algorithm: SignatureAlgorithm = 'ES256',
  change: Partial<LeafRequest> = {},
): Promise<Issued> {
  const rootSigner = await newSigner(algorithm);
  const leafSigner = await newSigner(algorithm);
  const root = await createRootCertificate({
    name: '联盟 Consortium Root',
    signer: rootSigner,
    notBefore: NOW - 3600,
    notAfter: NOW + 10 * YEAR,
  });
  const leaf = await issueLeafCertificate({
    issuer: { certificate: root, signer: rootSigner },
    publicKey: leafSigner.publicKey,
    subjectName: '中联 Zhonglian',
    did: DID,
    url: URL_TEXT,
    notBefore: NOW - 3600,
    notAfter: NOW + YEAR,
    ...change,
  });
  return { root, rootSigner, leaf, leafSigner };
}
