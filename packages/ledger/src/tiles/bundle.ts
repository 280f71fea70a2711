import { type Bytes, concatBytes } from '@attestel/core';

/** An entry in a bundle has its length in two bytes before it (C2SP tlog-tiles). */
export const MAX_BUNDLED_BYTES = 0xffff;

/**
 * Undefined when an entry is too large for a bundle: it is then served by `/v1/ledger/entries` alone. Entries are taken one
 * by one, and none after that one: hundreds of them would be read for nothing.
 */
export function encodeBundle(entries: Iterable<Bytes>): Bytes | undefined {
  const parts: Bytes[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_BUNDLED_BYTES) return undefined;
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
  }
  return concatBytes(...parts);
}

/** Parses hostile bytes. Undefined unless they are exactly so many entries. */
export function decodeBundle(bytes: Bytes, count: number): Bytes[] | undefined {
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bytes.length && entries.length < count) {
    const start = at + 2;
    if (start > bytes.length) return undefined;
    at = start + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
    if (at > bytes.length) return undefined;
    entries.push(bytes.slice(start, at));
  }
  return at === bytes.length && entries.length === count ? entries : undefined;
}
