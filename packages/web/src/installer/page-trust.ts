import { createLedgerTrust } from '@attestel/did/verify';
import type { CheckPorts } from './check/check-device.ts';
import { createKeptProofs } from './check/kept-proofs.ts';

/** Ten heartbeats of the ledger's witnesses. */
const FRESH_SECONDS = 300;
/** A day without a network. */
const KEPT_SECONDS = 86_400;

/** Whose cosignatures count came with the page itself; no answer of a node changes it. @throws TypeError in any other form */
export async function openChecks(): Promise<CheckPorts> {
  const response = await fetch('/installer/config.json', { headers: { accept: 'application/json' } });
  const { policy } = ((await response.json()) ?? {}) as { policy?: unknown };
  if (!response.ok || typeof policy !== 'string') throw new TypeError('config.json: a policy expected');
  const trust = (maxAgeSeconds: number) => createLedgerTrust({ policy, maxAgeSeconds });
  return {
    ...{ fetch: fetch.bind(globalThis), fresh: trust(FRESH_SECONDS), kept: trust(KEPT_SECONDS) },
    proofs: createKeptProofs(storage()),
  };
}

function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
