import { type Bytes, fromBase64, toBase64 } from '@attestel/core';
import type { Device } from './read-device.ts';

/** A proof that this phone holds, for places without a network. */
export interface KeptProof {
  readonly device: Device;
  readonly proof: Bytes;
  /** When it was fetched, unix seconds. */
  readonly fetched: number;
}

/** Proofs by device, newest first. */
export interface KeptProofs {
  all(): readonly KeptProof[];
  find(hash: string): KeptProof | undefined;
  keep(kept: KeptProof): void;
}

const PREFIX = 'attestel.installer.proof.';
const MOST = 500;

/** In the browser's storage; where it is forbidden or full, the oldest are forgotten and nothing breaks. */
export function createKeptProofs(storage: Storage | undefined): KeptProofs {
  const keys = (): string[] =>
    Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? '').filter((key) =>
      key.startsWith(PREFIX),
    );
  const read = (key: string): KeptProof[] => {
    const kept = parse(storage?.getItem(key) ?? '');
    return kept === undefined ? [] : [kept];
  };
  const all = (): KeptProof[] =>
    keys()
      .flatMap(read)
      .sort((a, b) => b.fetched - a.fetched || (a.device.hash < b.device.hash ? -1 : 1));
  const forget = ({ device }: KeptProof): void => storage?.removeItem(PREFIX + device.hash);
  return {
    all,
    find: (hash) => read(PREFIX + hash)[0],
    keep(kept) {
      const { device, fetched, proof } = kept;
      const text = JSON.stringify({ ...device, fetched, proof: toBase64(proof) });
      for (let tries = 0; tries <= MOST; tries++) {
        try {
          storage?.setItem(PREFIX + device.hash, text);
          break;
        } catch {
          const oldest = all().at(-1);
          if (!oldest) return;
          forget(oldest);
        }
      }
      all().slice(MOST).forEach(forget);
    },
  };
}

function parse(text: string): KeptProof | undefined {
  try {
    const { hash, name, fetched, proof } = JSON.parse(text) as Record<string, unknown>;
    if (typeof hash !== 'string' || typeof proof !== 'string' || typeof fetched !== 'number')
      return undefined;
    const device = { hash, name: typeof name === 'string' ? name : null };
    return { device, proof: fromBase64(proof), fetched };
  } catch {
    return undefined;
  }
}
