import { hash } from 'node:crypto';
import { type Bytes, type CborValue, concatBytes, encodeCbor, toHex } from '@attestel/core';
import { decodeOperation, type LedgerModule, type Operation } from '@attestel/ledger';

export const NETWORK = 'bench';
export const FILL_MODULE = 'fill';
/** Records that one operation writes. */
export const KEYS_PER_OPERATION = 4;
const VALID_SECONDS = 600;

const digest = (text: string): Bytes => new Uint8Array(hash('sha256', text, 'buffer'));
const PUBLIC_KEY = concatBytes(Uint8Array.of(0xed, 0x01), digest('key'));
const SIGNATURE = new Uint8Array(64).fill(1);

export const didAt = (i: number): string => `did:mno:bench:z${toHex(digest(`did ${i}`)).slice(0, 46)}`;
export const headKeyAt = (i: number): string => `head/${didAt(i)}`;

/** Number `i` of as many operations as one likes, of the size of a DID's creation. Its signature is none. */
export function operationAt(i: number, time: number): Operation {
  const payload = encodeCbor({
    v: 1,
    network: NETWORK,
    ns: 'main',
    module: FILL_MODULE,
    kind: 'create',
    actor: didAt(i),
    previous: null,
    notAfter: time + VALID_SECONDS,
    body: { next: digest(`next ${i}`), ledgerKey: PUBLIC_KEY, document: digest(`document ${i}`) },
  });
  return decodeOperation(encodeCbor([payload, [[PUBLIC_KEY, SIGNATURE]], null]));
}

/** Writes records shaped and named as those of a DID's creation: head, first version, what its keys were shown as. */
export const fillModule: LedgerModule = {
  name: FILL_MODULE,
  ordering: 'object',
  checkStateless() {},
  apply(state, { id, payload }, { time }) {
    const { next, ledgerKey, document } = payload.body as Record<string, CborValue>;
    const created = { operation: id, documentOperation: id };
    state.put(`head/${payload.actor}`, {
      ...created,
      version: 1,
      created: time,
      updated: time,
      deactivated: false,
      next: [next as Bytes],
      nextThreshold: 1,
      ledgerKeys: [['ledger-1', ledgerKey as Bytes]],
      document: document as Bytes,
      recovery: null,
    });
    state.put(`version/${payload.actor}/0000000001`, { ...created, time });
    state.put(`shown/${payload.actor}/${toHex(next as Bytes)}`, 'control');
    state.put(`shown/${payload.actor}/${toHex(document as Bytes)}`, 'ledger');
    return [];
  },
};
