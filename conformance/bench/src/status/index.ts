import { decodeStatusSet, encodeStatusSet } from '@attestel/pki';
import { freePort } from '../free-port.ts';
import { startMeasured } from '../measured-process.ts';
import type { BenchResult } from '../result.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { ocspPerCpuSecond } from './ocsp-load.ts';
import { createSharedCa, type SharedCa } from './openssl-ca.ts';
import { measureOpensslOcsp } from './peer-openssl.ts';

const CERTIFICATES = 10_000_000;
/** One in so many is not good. */
const SHARE = 100;
const LOOKUPS = 5_000_000;
const SERIALS = Array.from({ length: 50 }, (_, i) => 4096 + i);

/** The whole status set of ten million certificates, and OCSP over HTTP, signed afresh, beside `openssl ocsp`. */
export async function run(): Promise<BenchResult> {
  const set = measureSet();
  const folder = await createTemporaryFolder();
  try {
    const ca = createSharedCa(folder.path, SERIALS);
    const ours = await measureOurs(ca);
    const closing = await measureOurs(ca, { keepAlive: false });
    const cached = await measureOurs(ca, { kept: SERIALS.length });
    const openssl = await measureOpensslOcsp(ca, await freePort());
    return {
      name: 'status',
      figures: {
        ...set,
        ocsp_fresh_per_cpu_s: ours,
        ocsp_cached_per_cpu_s: cached,
        // As the peer has it: a connection for each request.
        ocsp_fresh_closing_per_cpu_s: closing,
      },
      peers: { openssl_ocsp_per_cpu_s: openssl },
      ratios: { ocsp_vs_openssl: Math.round((100 * ours) / openssl) / 100 },
    };
  } finally {
    await folder.remove();
  }
}

async function measureOurs(ca: SharedCa, { keepAlive = true, kept = 0 } = {}): Promise<number> {
  const port = await freePort();
  const child = await startMeasured(new URL('serve-ocsp.ts', import.meta.url), [
    port,
    ca.derFile,
    kept,
    ...SERIALS,
  ]);
  try {
    const cpuSeconds = async (): Promise<number> => (await child.cpuMicroseconds()) / 1e6;
    return await ocspPerCpuSecond(`http://127.0.0.1:${port}/ocsp`, ca.requests, cpuSeconds, keepAlive);
  } finally {
    await child.stop();
  }
}

/** A step that visits every index once, in no order that caches like. */
const STRIDE = 7_368_787;

function measureSet(): Record<string, number> {
  const notGood = Array.from({ length: CERTIFICATES / SHARE }, (_, i) => i * SHARE + ((i * 7919) % SHARE));
  const encoded = encodeStatusSet(CERTIFICATES, notGood);
  const beforeDecoding = process.cpuUsage();
  const bits = decodeStatusSet(encoded);
  const decoding = process.cpuUsage(beforeDecoding);
  const before = process.cpuUsage();
  let found = 0;
  for (let i = 0, index = 0; i < LOOKUPS; i++, index = (index + STRIDE) % CERTIFICATES) {
    if (bits.isNotGood(index)) found += 1;
  }
  const { user, system } = process.cpuUsage(before);
  if (found === 0) throw new Error('bench: a set without members');
  return {
    status_set_bytes: encoded.length,
    status_set_decode_ms: Math.round((decoding.user + decoding.system) / 1000),
    status_lookup_per_s: Math.round(LOOKUPS / ((user + system) / 1e6)),
  };
}
