// A node's publishing and enrolling front ends over a durable ledger. A child process: PORT FOLDER CERTIFICATES DEVICES PALLETS…
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom, toBase64, toHex, unixSeconds } from '@attestel/core';
import { createLedgerResolver, createPartyAuthenticator } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import {
  anchorIdOf,
  certificateHash,
  cmpRoutes,
  commitToTokenKey,
  createAuthority,
  createCmpServer,
  createIssuedRegister,
  createPki,
  keyStoreSigningKey,
  ledgerPeerTrust,
  PROFILES,
  pkiSubmitRoutes,
  type Scope,
  signRootCertificate,
} from '@attestel/pki';
import { writeName } from '@attestel/x509';
import { createLedgerEnrolment } from '../../../../packages/pki/src/front/operator/ledger-enrolment.ts';
import { startHttpServer } from '../../../../packages/server/src/http/http-server.ts';
import { createMetrics } from '../../../../packages/server/src/http/metrics.ts';
import { answerParent } from '../measured-process.ts';
import { openFactory } from './pallet.ts';
import { openPkiLedger } from './pki-ledger.ts';
import type { PublisherReady, StoredDevice } from './protocol.ts';

const [port = '', folder = '', certificates = '', devices = '', ...pallets] = process.argv.slice(2);
const origin = `http://localhost:${port}`;
const world = await openPkiLedger();
const { ledger, vendor, operator, tokenKey } = world;
const factory = await openFactory(world);
const ports = { clock: systemClock, random: systemRandom };
const pki = createPki(ledger);

const authenticate = createPartyAuthenticator({
  ...{ resolver: createLedgerResolver(ledger), audience: origin, clock: systemClock },
});
const routes = [
  ...pkiSubmitRoutes({ publisher: world.publisherOf(vendor), authenticate, mayPublish: () => true }),
  ...cmpRoutes({ server: await openCmp() }),
];
const server = await startHttpServer({
  ...{ origin, host: '127.0.0.1', port: Number(port), routes, random: systemRandom },
  ...{ logger: silentLogger, metrics: createMetrics('bench'), ready: () => true },
});
const ready: PublisherReady = {
  token: await vendor.token(origin),
  bodiesFile: await writeBodies(),
  devicesFile: await writeDevices(),
  palletFiles: await writePallets(),
};
answerParent<PublisherReady>(ready, async () => {
  await server.close();
  await world.close();
});

async function writePallets(): Promise<string[]> {
  const files: string[] = [];
  for (const count of pallets) {
    const { head, items } = await wirePallet(Number(count));
    const file = join(folder, `pallet-${files.length}`);
    writeFileSync(file, JSON.stringify({ ...head, receipts: 'path', certificates: items }));
    files.push(file);
  }
  return files;
}

/** As the JSON front end takes it. */
async function wirePallet(count: number) {
  const { items, role, anchor, batch, challenge } = await factory.pallet(count);
  return {
    head: { role, anchor: toHex(anchor), batch: batch && toHex(batch), challenge: toHex(challenge) },
    items: items.map(({ certificate, possession }) => ({
      certificate: toBase64(certificate),
      possession: toBase64(possession as Uint8Array),
    })),
  };
}

async function writeBodies(): Promise<string> {
  const { head, items } = await wirePallet(Number(certificates));
  const lines = items.map((item) => JSON.stringify({ ...head, certificates: [item] }));
  const file = join(folder, 'bodies');
  writeFileSync(file, lines.join('\n'));
  return file;
}

async function writeDevices(): Promise<string> {
  const lines: string[] = [];
  for (let i = 0; i < Number(devices); i++) {
    const { certificate, key } = await factory.device();
    const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
    lines.push(JSON.stringify({ certificate: toBase64(certificate), key: pem } satisfies StoredDevice));
  }
  const file = join(folder, 'devices');
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** The operator's own CA, an anchor on the ledger, and the CMP server that publishes what it issues. */
async function openCmp() {
  const keyStore = createMemoryKeyStore();
  const newKey = async () => {
    const { ref } = await keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256' });
    return keyStoreSigningKey(keyStore, ref);
  };
  const now = unixSeconds(systemClock);
  const [caKey, key] = [await newKey(), await newKey()];
  const root = await signRootCertificate({
    ...{ name: 'Bench operator', key: caKey, random: systemRandom },
    ...{ notBefore: now - 86_400, notAfter: now + 3650 * 86_400 },
  });
  const authority = createAuthority({ certificate: root, key: caKey, ...ports });
  const scope: Scope = {
    ...{ kind: 'operator', owner: operator.did, plmns: [], slices: [], dns: ['cells.bench.example'] },
    ...{ serials: [], roles: ['small-cell'], tokenKey: commitToTokenKey(tokenKey) },
  };
  const voters = [operator, vendor];
  const admission = { certificate: root, scope, from: now, until: null, replaces: null };
  await world.act('anchor.admit', { ...admission, voters: voters.map(({ did }) => did) }, voters);
  if (!pki.anchor(anchorIdOf(root, scope)))
    throw new Error(`bench: no anchor ${toHex(certificateHash(root))}`);
  const enrolment = createLedgerEnrolment({
    ...{ authority, ledger, pki, publisher: world.publisherOf(operator), signer: operator.signer, tokenKey },
    ...{ register: createIssuedRegister(world.store), organization: 'Bench operator', clock: systemClock },
    profiles: {
      cells: { role: 'small-cell', certificate: PROFILES['small-cell'], domain: 'cells.bench.example' },
    },
  });
  const certificate = await authority.issue({
    subject: writeName([['commonName', 'CMP']]),
    ...{ spki: key.spki, profile: PROFILES['cmp-server'] },
  });
  const signer = { key, certificate, chain: [root] };
  return createCmpServer({
    ...{ enrolment, trust: ledgerPeerTrust(pki), signer: () => signer, logger: silentLogger, ...ports },
  });
}
