import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import type { BenchResult } from '../result.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { startOpensslOcsp } from './peer-openssl.ts';
import { type Published, requestsFor } from './published.ts';
import { answersPerCpuSecond, type Responder } from './responder.ts';
import type { OcspPorts } from './serve-ocsp.ts';
import { measureSet } from './status-set.ts';

const PUBLISHED = 5000;

/** The whole status set of ten million certificates, and OCSP over HTTP, signed afresh, beside `openssl ocsp`. */
export async function run(): Promise<BenchResult> {
  const set = measureSet();
  const folder = await createTemporaryFolder();
  try {
    const rates = await measureOcsp(folder.path);
    const ratio = (ours: number): number => Math.round((100 * ours) / rates.openssl) / 100;
    return {
      name: 'status',
      figures: {
        ...set,
        ocsp_fresh_closing_per_cpu_s: rates.closing,
        ocsp_fresh_kept_per_cpu_s: rates.kept,
        ocsp_cached_kept_per_cpu_s: rates.cached,
        ocsp_routes_kept_per_cpu_s: rates.routes,
      },
      peers: { openssl_ocsp_per_cpu_s: rates.openssl },
      // Each as it answers best: `openssl ocsp` ends each connection and has no other way. The second: in its way.
      ratios: { ocsp_vs_openssl: ratio(rates.kept), ocsp_closing_vs_openssl: ratio(rates.closing) },
    };
  } finally {
    await folder.remove();
  }
}

async function measureOcsp(folder: string) {
  const child = await startMeasured<OcspPorts>(new URL('serve-ocsp.ts', import.meta.url), [
    PUBLISHED,
    folder,
  ]);
  try {
    const published: Published = {
      ca: new Uint8Array(readFileSync(join(folder, 'published.der'))),
      serials: readFileSync(join(folder, 'serials'), 'utf8').split('\n'),
    };
    const peer = await startOpensslOcsp(published, folder, await freePort());
    try {
      return await measureWays(child, peer.responder, published);
    } finally {
      await peer.stop();
    }
  } finally {
    await child.stop();
  }
}

function measureWays(child: MeasuredProcess<OcspPorts>, openssl: Responder, published: Published) {
  const ours = (port: number): Responder => ({
    ...{ port, path: '/ocsp' },
    cpuSeconds: async () => (await child.cpuMicroseconds()) / 1e6,
  });
  const { fresh, cached, routes } = child.ready;
  return answersPerCpuSecond(
    {
      openssl: { responder: openssl, keepsConnections: false },
      closing: { responder: ours(fresh), keepsConnections: false },
      kept: { responder: ours(fresh), keepsConnections: true },
      cached: { responder: ours(cached), keepsConnections: true },
      routes: { responder: ours(routes), keepsConnections: true },
    },
    requestsFor(published),
  );
}
