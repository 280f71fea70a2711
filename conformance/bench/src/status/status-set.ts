import { decodeStatusSet, encodeStatusSet } from '@attestel/pki';

const CERTIFICATES = 10_000_000;
/** One in so many is not good. */
const SHARE = 100;
const LOOKUPS = 5_000_000;

/** A step that visits every index once, in no order that caches like. */
const STRIDE = 7_368_787;

/** The whole status set of ten million certificates. */
export function measureSet(): Record<string, number> {
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
