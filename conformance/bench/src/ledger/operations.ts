import { type Bytes, type Signer, toHex } from '@attestel/core';
import { buildOperation, encodeOperation, type Operation, type OperationPayload } from '@attestel/ledger';
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
    const body = { name: `n-${i}`, value: new Uint8Array(VALUE_BYTES).fill(i % 251) };
    encoded.push(encodeOperation(await operation(i % ACTORS, 'put', body, time)));
  }
  return encoded;
}

/** One operation that writes the records of operations `from` … `to`. */
export const fillOperation = (from: number, to: number, time: number): Promise<Operation> =>
  operation(0, 'fill', { from, to, value: new Uint8Array(VALUE_BYTES) }, time);

const operation = (
  actor: number,
  kind: string,
  body: OperationPayload['body'],
  time: number,
): Promise<Operation> =>
  buildOperation(
    {
      v: 1,
      network: NETWORK,
      ns: 'main',
      module: RECORD_MODULE,
      kind,
      actor: didAt(actor),
      previous: null,
      notAfter: time + 3600,
      body,
    },
    [signers[actor] as Signer],
  );
