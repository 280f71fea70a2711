import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Bytes, equalBytes } from '@attestel/core';
import { type BatchVerifier, createSignatureVerifier, openExecutor, openLmdbStore } from '@attestel/ledger';
import { sodiumEd25519 } from '../../packages/ledger/src/signatures/sodium.ts';
import {
  nativePairHasher,
  nodePairHasher,
  wasmPairHasher,
} from '../../packages/ledger/src/trie/pair-hasher.ts';
import { decodeRecording } from './recording.ts';
import { ORIGIN, rules } from './rules.ts';

// Run as a program: executes a recording on this Node and says what came out. Arguments: file;
// `native`, `wasm` or `node`; an empty folder for the ledger.
const [, , file = '', accelerators = '', folder = ''] = process.argv;

/** Ed25519 and trie hashes by native code; everything else is the same. */
function native() {
  const ed25519 = sodiumEd25519();
  const hasher = nativePairHasher();
  if (!ed25519 || !hasher) throw new Error('the native accelerators are not installed');
  const verifier = createSignatureVerifier({ ed25519 });
  const batchVerifier: BatchVerifier = {
    verifyBatch: async (jobs) =>
      Uint8Array.from(jobs, ({ key, message, signature }) =>
        verifier.verify(key, message, signature) ? 1 : 0,
      ),
    async close() {},
  };
  return { hasher, batchVerifier };
}

const PARTS = { native, wasm: () => ({ hasher: wasmPairHasher }), node: () => ({ hasher: nodePairHasher }) };
const parts = PARTS[accelerators as keyof typeof PARTS];

const store = await openLmdbStore({ path: folder });
const { executor } = await openExecutor({ ...rules, origin: ORIGIN, store, ...parts() });
const hash = createHash('sha256');
let blocks = 0;
let operations = 0;
for (const block of decodeRecording(new Uint8Array(readFileSync(file)) as Bytes)) {
  await executor.verify(block.operations, 'block');
  const candidate = executor.execute(block);
  const outcomes = candidate.outcomes.map((outcome) => ('error' in outcome ? null : outcome.index));
  blocks += 1;
  operations += outcomes.filter((index) => index !== null).length;
  const isSame =
    equalBytes(candidate.appHash, block.appHash) &&
    outcomes.length === block.outcomes.length &&
    outcomes.every((index, i) => index === block.outcomes[i]);
  if (!isSame) {
    process.stdout.write(JSON.stringify({ node: process.version, differsAt: blocks }));
    process.exit(1);
  }
  const codes = candidate.outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'ok'));
  hash.update(candidate.appHash).update(codes.join());
  await executor.commit(candidate);
}
process.stdout.write(
  JSON.stringify({ node: process.version, accelerators, blocks, operations, digest: hash.digest('hex') }),
);
await store.close();
