import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, systemClock, systemRandom } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { openLmdbStore } from '@attestel/ledger';
import { createIssuer, sampleSubscribers } from '@attestel/openid/issuer';
import { makeCertificate } from './certificate.ts';
import { createClient, type PreparedRequest } from './endpoint-client.ts';

const ROUNDS = 7;
const REQUESTS_PER_ROUND = 48;
const BATCH = 10;
/** Requests under way at once, so that their transactions share a flush as on a busy server. */
const IN_FLIGHT = 8;
const ISSUER_URL = 'https://operator.example';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/**
 * The credential endpoint over the route table, without a socket: authorisation, ten key proofs, one durable
 * LMDB transaction, ten signed copies of a credential of 17 claims. Every request is the first batch of
 * another subscriber. Making the requests is the wallet's work and not in the figure.
 * @returns credentials per CPU-second of the whole process, median of the rounds
 */
export async function endpointRate(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-bench-'));
  const store = await openLmdbStore({ path: join(folder, 'store') });
  try {
    const keyStore = createMemoryKeyStore();
    await keyStore.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'key-1' });
    const signer = await keyStore.signer('key-1');
    const { did, x5c } = await makeCertificate(signer, ISSUER_URL);
    const issuer = await createIssuer({
      issuerUrl: ISSUER_URL,
      party: { did, kid: `${did}#key-1`, x5c, name: { 'zh-CN': '测试', en: 'Bench' } },
      signer,
      keyStore,
      store,
      clock: systemClock,
      random: systemRandom,
      logger: silent,
      authenticate: async () => ({ did }),
    });
    const subscribers = sampleSubscribers({
      seed: 'bench',
      operator: 'bench',
      count: (ROUNDS + 1) * REQUESTS_PER_ROUND,
    });
    await issuer.subscribers.seed(subscribers);
    const client = createClient({ issuer, issuerUrl: ISSUER_URL, batch: BATCH });
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const ids = subscribers.slice(round * REQUESTS_PER_ROUND, (round + 1) * REQUESTS_PER_ROUND);
      const requests = [];
      for (const { subscriptionId } of ids) requests.push(await client.prepare(subscriptionId));
      rates.push(await rateOf(requests));
    }
    // The first round warms up.
    return Math.round(rates.slice(1).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function rateOf(requests: readonly PreparedRequest[]): Promise<number> {
  const waiting = [...requests];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const answer = await next();
      if (answer.status !== 200) throw new Error(`credential endpoint answered ${answer.status}`);
    }
  };
  const start = process.cpuUsage();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const { user, system } = process.cpuUsage(start);
  return (requests.length * BATCH) / ((user + system) / 1e6);
}
