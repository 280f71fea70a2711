import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { type Clock, multikeyFromJwk, type Signer, unixSeconds } from '@attestel/core';
import { certificatePem } from '@attestel/pki';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';

export interface LoopbackTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Root to trust, for browsers and for other processes (NODE_EXTRA_CA_CERTS). */
  readonly caFile: string;
}

const YEAR = 365 * 86_400;

/**
 * A certificate for `localhost` under a root of its own, made once per data folder, so that the demo
 * can run over TLS. TLS keys are files because Node's TLS wants them; they sign nothing else.
 */
export async function ensureLoopbackTls(dataDir: string, clock: Clock): Promise<LoopbackTls> {
  const folder = join(dataDir, 'tls');
  const files = {
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
    caFile: join(folder, 'ca.pem'),
  };
  if (!existsSync(files.caFile)) await makeFiles(folder, files, clock);
  return files;
}

/** Makes this process's own clients trust the demo's root, besides what they trust anyway. */
export async function trustLoopback(files: LoopbackTls): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(files.caFile, 'utf8')]);
}

async function makeFiles(folder: string, files: LoopbackTls, clock: Clock): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const now = unixSeconds(clock);
  const root = ephemeralSigner();
  const leaf = ephemeralSigner();
  const authority = await createRootCertificate({
    name: 'Attestel demo TLS',
    signer: root.signer,
    notBefore: now - 3600,
    notAfter: now + 2 * YEAR,
  });
  const certificate = await issueLeafCertificate({
    issuer: { certificate: authority, signer: root.signer },
    publicKey: leaf.signer.publicKey,
    subjectName: 'localhost',
    did: 'did:example:demo-tls',
    url: 'https://localhost',
    notBefore: now - 3600,
    notAfter: now + YEAR,
  });
  await writeFile(files.keyFile, leaf.pem, { mode: 0o600 });
  await writeFile(files.certFile, certificatePem(certificate));
  // Last, because its presence says that the others are complete.
  await writeFile(files.caFile, certificatePem(authority));
}

function ephemeralSigner(): { signer: Signer; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    signer: {
      algorithm: 'ES256',
      publicKey: multikeyFromJwk(publicKey.export({ format: 'jwk' })),
      sign: async (message) =>
        new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    },
  };
}
