import {
  cosignatureMessage,
  createFrontier,
  createPolicy,
  encodeReceipt,
  formatLedgerBody,
  hashLeaf,
  inclusionProof,
  keyHash,
  nodesOf,
  type Receipt,
  triePath,
  trieRoot,
  valueHash,
} from '../../src/index.ts';
import { ed25519Key } from '../node-crypto.ts';
import { sha256, utf8 } from '../sha256.ts';

// A ledger of eleven entries and nine keys with a policy of two out of three.
const ORIGIN = 'ledger.example/receipts';
export const TIME = 1_800_000_000;
const names = ['a', 'b', 'c'];
export const policyOf = (threshold: number) =>
  createPolicy(
    {
      origin: ORIGIN,
      logs: [],
      witnesses: names.map((name) => ({
        name,
        keyName: `${name}.example`,
        publicKey: ed25519Key(name).publicKey,
      })),
      groups: [{ name: 'q', threshold, members: names }],
      quorum: 'q',
    },
    sha256,
  );
export const policy = policyOf(2);

const leaves = Array.from({ length: 11 }, (_, i) => utf8(`leaf ${i}`));
const keys = Array.from({ length: 9 }, (_, i) => `key ${i}`);
const entries = keys.map((key) => [keyHash(sha256, 'm', key), valueHash(sha256, utf8(`is ${key}`))] as const);
const frontier = createFrontier(sha256);
for (const leaf of leaves) frontier.append(leaf);
export const BODY = formatLedgerBody({
  origin: ORIGIN,
  size: leaves.length,
  root: frontier.root(),
  state: trieRoot(sha256, entries),
});
export const HASH = sha256(utf8(BODY));

/** Signed by exactly a quorum. */
export const cosigned = (time = TIME, signers = ['a', 'c']) => ({
  body: BODY,
  signatures: policy.witnesses
    .filter(({ name }) => signers.includes(name))
    .map(({ name, keyId }) => ({
      keyId,
      time,
      signature: ed25519Key(name).sign(cosignatureMessage(BODY, time)),
    })),
});

const checkpoint = { form: 'reference', hash: HASH } as const;
export const stateReceipt = (key: string): Receipt => ({
  kind: 'state',
  checkpoint,
  module: 'm',
  key,
  path: triePath(sha256, entries, keyHash(sha256, 'm', key), utf8(`is ${key}`)),
});
export const eventReceipt = (index: number): Receipt => ({
  kind: 'event',
  checkpoint,
  index,
  path: inclusionProof(
    sha256,
    nodesOf(
      sha256,
      leaves.map((leaf) => hashLeaf(sha256, leaf)),
    ),
    index,
    leaves.length,
  ),
  leaf: leaves[index] as Uint8Array,
});

/** One of each kind and end, all referring to the same checkpoint. */
export const RECEIPTS: readonly (readonly [string, Uint8Array])[] = [
  ['present', encodeReceipt(stateReceipt('key 3'))],
  ...['absent 1', 'absent 2', 'absent 5', 'absent 8'].map(
    (key) => [key, encodeReceipt(stateReceipt(key))] as const,
  ),
  ['first event', encodeReceipt(eventReceipt(0))],
  ['last event', encodeReceipt(eventReceipt(10))],
];
