// Our OCSP responder over a ledger with certificates on it, as a node runs it. A child process: CERTIFICATES FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom, toHex, unixSeconds } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import {
  createAuthority,
  createOcspResponder,
  createPki,
  keyStoreSigningKey,
  ledgerStatusSource,
  type OcspResponder,
  ocspRoutes,
  PROFILES,
  signRootCertificate,
  startOcspListener,
} from '@attestel/pki';
import { formatPolicy } from '@attestel/proof';
import { parseCertificate, writeName } from '@attestel/x509';
import { startHttpServer } from '../../../../packages/server/src/http/http-server.ts';
import { createMetrics } from '../../../../packages/server/src/http/metrics.ts';
import { createStateTime } from '../../../../packages/server/src/node/state-time.ts';
import { answerParent } from '../measured-process.ts';
import { openFactory } from '../pki/pallet.ts';
import { openPkiLedger } from '../pki/pki-ledger.ts';

/** Ports of the listener, of one that keeps its answers, and of the routes on a node's HTTP server. */
export interface OcspPorts {
  readonly fresh: number;
  readonly cached: number;
  readonly routes: number;
}

const [certificates = '', folder = ''] = process.argv.slice(2);
const world = await openPkiLedger();
const factory = await openFactory(world);
const pallet = await factory.pallet(Number(certificates));
const { results } = await world.publisherOf(world.vendor).publish(pallet);
if (!results.every(({ ok }) => ok)) throw new Error('bench: a certificate was refused');
writeFileSync(join(folder, 'published.der'), factory.ca);
const serials = pallet.items.map(({ certificate }) => toHex(parseCertificate(certificate).serial));
writeFileSync(join(folder, 'serials'), serials.join('\n').toUpperCase());

const asOf = createStateTime(world.ledger, formatPolicy(world.policy));
const source = ledgerStatusSource(createPki(world.ledger), {
  asOf,
  height: () => world.ledger.head().height,
});
const signer = await createSigner();
const responderOf = (cachedAnswers: number): OcspResponder =>
  createOcspResponder({ source, signer, clock: systemClock, logger: silentLogger, cachedAnswers });

const metrics = createMetrics('bench');
const where = { host: '127.0.0.1', port: 0 };
const listenerOf = (responder: OcspResponder) =>
  startOcspListener({
    ...{ ...where, responder, clock: systemClock },
    observe: ({ status, seconds }) => metrics.observe('/ocsp', 'POST', status, seconds),
  });
const [fresh, cached] = [await listenerOf(responderOf(0)), await listenerOf(responderOf(serials.length))];
const routes = await startHttpServer({
  ...{ ...where, origin: 'http://localhost', routes: ocspRoutes({ responder: responderOf(0) }) },
  ...{ logger: silentLogger, metrics, random: systemRandom, ready: () => true },
});
const servers = { fresh, cached, routes };
answerParent<OcspPorts>({ fresh: fresh.port, cached: cached.port, routes: routes.port }, async () => {
  for (const server of Object.values(servers)) await server.close();
  await world.close();
});

async function createSigner() {
  const keyStore = createMemoryKeyStore();
  const newKey = async () => {
    const { ref } = await keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256' });
    return keyStoreSigningKey(keyStore, ref);
  };
  const now = unixSeconds(systemClock);
  const [rootKey, key] = [await newKey(), await newKey()];
  const root = await signRootCertificate({
    ...{ name: 'Ledger', key: rootKey, random: systemRandom },
    ...{ notBefore: now - 60, notAfter: now + 86_400 * 365 },
  });
  const authority = createAuthority({
    certificate: root,
    ...{ key: rootKey, clock: systemClock, random: systemRandom },
  });
  const subject = writeName([['commonName', 'OCSP']]);
  return {
    key,
    certificate: await authority.issue({ subject, spki: key.spki, profile: PROFILES['ocsp-signer'] }),
  };
}
