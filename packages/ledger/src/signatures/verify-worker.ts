import { parentPort } from 'node:worker_threads';
import { unpackJobs } from './job-bytes.ts';
import { sodiumEd25519 } from './sodium.ts';
import { createSignatureVerifier } from './verify-signature.ts';

// Runs on a thread of its own, started by createWorkerVerifier.
const verifier = createSignatureVerifier({ ed25519: sodiumEd25519() });

parentPort?.on('message', ({ id, jobs }: { id: number; jobs: ArrayBuffer }) => {
  const results = Uint8Array.from(unpackJobs(jobs), ({ key, message, signature }) =>
    verifier.verify(key, message, signature) ? 1 : 0,
  );
  parentPort?.postMessage({ id, results });
});
