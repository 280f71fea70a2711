import type { BenchResult } from '../result.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { measureEnrolments } from './enrol.ts';
import { measurePallet, rawWrites } from './measure-pallet.ts';
import { measureOffline } from './offline.ts';
import { openFactory } from './pallet.ts';
import { palletOverHttp } from './pallet-over-http.ts';
import { assertCfssl, cfsslTimes } from './peer-cfssl.ts';
import { openPkiLedger } from './pki-ledger.ts';
import { rawVerifies } from './raw-verifies.ts';
import { revokeToDown } from './revoke-to-down.ts';

const PALLET = 10_000;

/** Publishing certificates in bulk and one by one, and checking one without a connection; beside a CA that only signs. */
export async function run(): Promise<BenchResult> {
  assertCfssl();
  const folder = await createTemporaryFolder();
  try {
    const bulk = await measureBulk();
    const overHttp = await palletOverHttp(folder.path, PALLET);
    const cfssl = await cfsslTimes(folder.path, PALLET);
    const { json, cmp } = await measureEnrolments(folder.path);
    const down = await revokeToDown();
    return {
      name: 'pki',
      figures: {
        ...bulk.figures,
        pallet_10k_http_s: round(overHttp),
        enrol_json_per_s: Math.round(json.perSecond),
        enrol_json_node_us: Math.round(json.nodeMicroseconds),
        enrol_json_client_us: Math.round(json.clientMicroseconds),
        cmp_per_s: Math.round(cmp.perSecond),
        cmp_node_us: Math.round(cmp.nodeMicroseconds),
        cmp_client_us: Math.round(cmp.clientMicroseconds),
        revoke_to_down_p50_ms: down.p50,
        revoke_to_down_p99_ms: down.p99,
      },
      peers: { cfssl_10k_s: round(cfssl.seconds), cfssl_10k_least_s: round(cfssl.leastSeconds) },
      ratios: {
        batch_vs_cfssl: round(cfssl.seconds / overHttp),
        batch_vs_cfssl_least: round(cfssl.leastSeconds / bulk.seconds),
        pallet_of_limit: round(bulk.limit / bulk.seconds),
      },
    };
  } finally {
    await folder.remove();
  }
}

async function measureBulk() {
  const world = await openPkiLedger();
  try {
    const factory = await openFactory(world);
    const verifiesPerSecond = await rawVerifies();
    const { seconds, certificates } = await measurePallet(world, factory, PALLET);
    const writes = await rawWrites(world, PALLET);
    const offline = await measureOffline(world, factory.ca, certificates);
    // Two signatures each, on all processors, and then the disk.
    const limit = (2 * PALLET) / verifiesPerSecond + writes;
    const figures = {
      pallet_10k_s: round(seconds),
      limit_verifies_per_s: Math.round(verifiesPerSecond),
      limit_writes_10k_s: round(writes),
      limit_pallet_10k_s: round(limit),
      offline_verify_us: Math.round(offline.own.microseconds),
      offline_bytes: offline.own.bytes,
      offline_whole_verify_us: Math.round(offline.whole.microseconds),
      offline_whole_bytes: offline.whole.bytes,
    };
    return { seconds, limit, figures };
  } finally {
    await world.close();
  }
}

const round = (value: number): number => Math.round(100 * value) / 100;
