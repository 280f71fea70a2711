import { unpackJobs } from './job-bytes.ts';
import { sodiumEd25519 } from './sodium.ts';
import { createSignatureVerifier } from './verify-signature.ts';

// Runs on a thread of its own; see createWorkerVerifier.
const verifier = createSignatureVerifier({ ed25519: sodiumEd25519() });

export const run = (jobs: ArrayBuffer): Uint8Array =>
  Uint8Array.from(unpackJobs(jobs), ({ key, message, signature }) =>
    verifier.verify(key, message, signature) ? 1 : 0,
  );
