import { encodeCbor } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { blockLeaf, decodeLeaf, operationLeaf } from '../../src/log/leaf.ts';
import type { Operation } from '../../src/operation.ts';
import { ANN, actors, addition, BOB, CYD } from '../fixtures/open-test-ledger.ts';

const block = { height: 3, timeMs: 1_700_000_000_123, size: 7, sm: 1, state: new Uint8Array(32).fill(9) };

describe('the leaf of an operation', () => {
  it('is deterministic CBOR, whatever the lengths', async () => {
    const operation = await addition(ANN, 0, {}, Object.values(actors));
    const { signatures } = operation;
    for (const length of [0, 23, 24, 255, 256, 65_535, 65_536, 900_000]) {
      for (const count of [1, 3]) {
        const sized: Operation = {
          ...operation,
          payloadBytes: new Uint8Array(length).fill(7),
          signatures: signatures.slice(0, count),
        };
        const plain = sized.signatures.map(({ key, signature }) => [key, signature]);
        expect(operationLeaf(sized)).toEqual(new Uint8Array(encodeCbor(['op', sized.payloadBytes, plain])));
      }
    }
  });

  it('reads back as the operation without its attachment', async () => {
    for (const actor of [ANN, BOB, CYD]) {
      const operation = await addition(actor, 0);
      expect(decodeLeaf(operationLeaf(operation))).toEqual({ kind: 'op', operation });
    }
  });
});

describe('the leaf of a block', () => {
  it('holds height, time, size, version and state root, and nothing else', () => {
    expect(decodeLeaf(blockLeaf(block))).toEqual({ kind: 'block', block });
    for (const change of [{ state: new Uint8Array(31) }, { state: null }, { more: 1 }, { height: -1 }]) {
      const bytes = encodeCbor(['block', { ...block, ...change }]);
      expect(() => decodeLeaf(bytes)).toThrow(expect.objectContaining({ code: 'operation_invalid' }));
    }
  });
});
