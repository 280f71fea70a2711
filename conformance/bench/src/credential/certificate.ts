import { createHash } from 'node:crypto';
import { type Bytes, type Signer, systemClock, unixSeconds } from '@attestel/core';
import { formatDid } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';

const DAY = 86_400;

/** A DID of the right form and a real certificate for it, so that headers are as long as real ones. */
export async function makeCertificate(
  signer: Signer,
  url: string,
): Promise<{ did: string; x5c: readonly Bytes[] }> {
  const did = formatDid('bench', createHash('sha256').update(url).digest());
  const authority = createMemoryKeyStore();
  await authority.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: 'root' });
  const root = await authority.signer('root');
  const now = unixSeconds(systemClock);
  const validity = { notBefore: now - DAY, notAfter: now + 60 * DAY };
  const certificate = await createRootCertificate({ name: 'Bench Root', signer: root, ...validity });
  const leaf = await issueLeafCertificate({
    issuer: { certificate, signer: root },
    publicKey: signer.publicKey,
    subjectName: 'Bench',
    did,
    url,
    ...validity,
  });
  return { did, x5c: [leaf] };
}
