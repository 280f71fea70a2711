// The bridge as deployed: real HTTP server, durable store, status cache. Started as a child process.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { createBridge } from '@attestel/oidc-bridge';
import { createVerifier } from '@attestel/openid/verifier';
import { startHttpServer } from '../../../../packages/server/src/http/http-server.ts';
import { createMetrics } from '../../../../packages/server/src/http/metrics.ts';
import { answerParent } from '../measured-process.ts';
import { createConsortium } from './material.ts';
import { CALLBACK, type Ready } from './protocol.ts';

const CARDS = 256;
const port = Number(process.argv[2]);
const origin = `http://localhost:${port}`;
const folder = await mkdtemp(join(tmpdir(), 'attestel-bench-'));
const store = await openLmdbStore({ path: join(folder, 'store') });
const { platform, registry, resolver, issuerKeys, status, cards } = await createConsortium(
  origin,
  CARDS,
  CALLBACK,
);
const shared = {
  keyStore: platform.keyStore,
  store,
  registry,
  status,
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
};
const verifier = createVerifier({
  ...shared,
  clientId: `decentralized_identifier:${platform.did}`,
  kid: platform.kid,
  signer: platform.signer,
  baseUrl: origin,
  issuerKeys,
  resolver,
});
const bridge = await createBridge({
  ...shared,
  verifier,
  url: origin,
  instance: 'bench',
  party: { did: platform.did, kid: platform.kid, name: { en: 'Bench', 'zh-CN': '测试' } },
  walletUrl: 'http://localhost:2',
});
const server = await startHttpServer({
  origin,
  host: '127.0.0.1',
  port,
  routes: bridge.routes,
  fallback: bridge.handler,
  logger: silentLogger,
  metrics: createMetrics('bench'),
  random: systemRandom,
  ready: () => true,
});
answerParent<Ready>(
  {
    origin,
    clientId: 'bench-app',
    clientSecret: await bridge.clientSecret('bench-app'),
    cards,
  },
  async () => {
    status.stop();
    await server.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  },
);
