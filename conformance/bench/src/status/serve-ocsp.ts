// Our OCSP responder as a node serves it, each answer signed afresh where none is kept. A child process: PORT CA.der ANSWERS-KEPT SERIAL …
import { readFileSync } from 'node:fs';
import { silentLogger, systemClock, systemRandom, toHex, unixSeconds } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { parseCertificate, writeName } from '@attestel/x509';
import { keyStoreSigningKey } from '../../../../packages/pki/src/asn1/signing-key.ts';
import { createAuthority, signRootCertificate } from '../../../../packages/pki/src/ca/authority.ts';
import { PROFILES } from '../../../../packages/pki/src/ca/profile.ts';
import { ocspRoutes } from '../../../../packages/pki/src/front/ocsp/ocsp.endpoint.ts';
import { createOcspResponder } from '../../../../packages/pki/src/front/ocsp/responder.ts';
import { startHttpServer } from '../../../../packages/server/src/http/http-server.ts';
import { createMetrics } from '../../../../packages/server/src/http/metrics.ts';
import { answerParent } from '../measured-process.ts';

const [port = '', caFile = '', kept = '', ...serials] = process.argv.slice(2);
const { subject, spki } = parseCertificate(new Uint8Array(readFileSync(caFile)));
const keyStore = createMemoryKeyStore();
const newKey = async () =>
  keyStoreSigningKey(
    keyStore,
    (await keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256' })).ref,
  );
const now = unixSeconds(systemClock);
const [rootKey, key] = [await newKey(), await newKey()];
const certificate = await createAuthority({
  certificate: await signRootCertificate({
    ...{ name: 'Ledger', key: rootKey, random: systemRandom },
    ...{ notBefore: now - 60, notAfter: now + 86_400 * 365 },
  }),
  ...{ key: rootKey, clock: systemClock, random: systemRandom },
}).issue({ subject: writeName([['commonName', 'OCSP']]), spki: key.spki, profile: PROFILES['ocsp-signer'] });
const published = new Set(serials.map((serial) => Number(serial).toString(16).padStart(6, '0')));
const issuers = [{ name: subject, spki }];
const responder = createOcspResponder({
  source: {
    byName: (_, serial) =>
      published.has(toHex(serial).padStart(6, '0')) ? { state: 'published', since: 1 } : undefined,
    issuers: () => issuers,
    asOf: () => unixSeconds(systemClock),
  },
  signer: { key, certificate },
  ...{ clock: systemClock, logger: silentLogger, cachedAnswers: Number(kept) },
});
const server = await startHttpServer({
  ...{ origin: `http://localhost:${port}`, host: '127.0.0.1', port: Number(port) },
  routes: ocspRoutes({ responder }),
  ...{ logger: silentLogger, metrics: createMetrics('bench'), random: systemRandom, ready: () => true },
});
answerParent({}, () => server.close());
