import { type Bytes, type Signer, toHex } from '@attestel/core';
import { buildOperation, encodeOperation } from '@attestel/ledger';
import { fixedSigner } from '../fixed-signer.ts';
import { NETWORK, RECORD_MODULE } from './record-module.ts';

/** Actors whose operations come in turns. */
const ACTORS = 200;
const VALUE_BYTES = 32;

const signers: readonly Signer[] = Array.from({ length: ACTORS }, (_, i) => fixedSigner(`actor ${i}`));
const didAt = (i: number): string =>
  `did:mno:bench:z${toHex(signers[i]?.publicKey ?? new Uint8Array()).slice(0, 46)}`;

const keysOf = new Map(signers.map(({ publicKey }, i) => [didAt(i), [publicKey]]));
export const actorKeys = (_: unknown, actor: string): readonly Bytes[] => keysOf.get(actor) ?? [];

/** Signed operations `from` … as they come over the wire, about 300 bytes each. */
export async function encodedOperations(from: number, count: number, time: number): Promise<Bytes[]> {
  const encoded: Bytes[] = [];
  for (let i = from; i < from + count; i++) {
    const actor = i % ACTORS;
    const operation = await buildOperation(
      {
        v: 1,
        network: NETWORK,
        ns: 'main',
        module: RECORD_MODULE,
        kind: 'put',
        actor: didAt(actor),
        previous: null,
        notAfter: time + 3600,
        body: { name: `n-${i}`, value: new Uint8Array(VALUE_BYTES).fill(i % 251) },
      },
      [signers[actor] as Signer],
    );
    encoded.push(encodeOperation(operation));
  }
  return encoded;
}
