import type { CborValue } from '@attestel/core';
import { registryValidators } from '@attestel/registry';
import { beforeEach, describe, expect, it } from 'vitest';
import { A, B, C, type FakeLedger, foundedLedger, P, refusalOf, STRANGER, V } from '../fake-ledger.ts';

let ledger: FakeLedger;
beforeEach(() => {
  ledger = foundedLedger();
});

const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const set = (
  did: string,
  n: number,
  power: CborValue = 10,
  by: readonly string[] = [A, B, C],
): string | undefined =>
  refusalOf(() => ledger.submit({ kind: 'validator.set', body: { did, key: key(n), power }, by }));
const current = () =>
  registryValidators.current(ledger.state).map(({ publicKey, power }) => [publicKey[0], power]);

describe('validator.set', () => {
  it('gives a member a vote, changes its weight and takes it away', () => {
    expect(set(A, 1)).toBeUndefined();
    expect(set(B, 2)).toBeUndefined();
    expect(set(A, 1, 20)).toBeUndefined();
    expect(current()).toEqual([
      [1, 20],
      [2, 10],
    ]);
    expect(set(A, 1, 0)).toBeUndefined();
    expect(current()).toEqual([[2, 10]]);
  });

  it('needs the votes that admit members', () => {
    expect(set(A, 1, 10, [A, B])).toBe('registry_votes_missing');
  });

  it('needs an active member, who signs for its own key', () => {
    expect(set(STRANGER, 1)).toBe('registry_not_member /did');
    expect(set(A, 1, 10, [B, C, V, P])).toBe('registry_subject_unsigned /did');
  });

  it('never gives a key to a second member, also when the first has moved on', () => {
    set(A, 1);
    expect(set(B, 1)).toBe('registry_key_taken /key');
    expect(set(A, 3)).toBeUndefined();
    expect(set(B, 1)).toBe('registry_key_taken /key');
  });

  it('removes only what is there, and never the last one', () => {
    expect(set(A, 1, 0)).toBe('registry_unknown /key');
    set(A, 1);
    expect(set(A, 2, 0)).toBe('registry_unknown /key');
    expect(set(A, 1, 0)).toBe('registry_last_validator');
    set(B, 2);
    expect(set(A, 1, 0)).toBeUndefined();
    expect(set(A, 1, 0)).toBe('registry_unknown /key');
  });

  it('refuses keys and weights out of bounds', () => {
    const refusal = (body: Record<string, CborValue>) =>
      refusalOf(() =>
        ledger.submit({
          kind: 'validator.set',
          body: { did: A, key: key(1), power: 1, ...body },
          by: [A, B, C],
        }),
      );
    expect(refusal({ key: new Uint8Array(31) })).toBe('registry_body_invalid /key');
    // Of small order: anybody could sign for it. Not below the prime: a second spelling.
    expect(refusal({ key: new Uint8Array(32) })).toBe('registry_body_invalid /key');
    expect(refusal({ key: Uint8Array.of(1, ...new Uint8Array(31)) })).toBe('registry_body_invalid /key');
    expect(refusal({ key: new Uint8Array(32).fill(0xff) })).toBe('registry_body_invalid /key');
    expect(refusal({ power: 1001 })).toBe('registry_body_invalid /power');
    expect(refusal({ power: -1 })).toBe('registry_body_invalid /power');
    expect(refusal({ more: 1 })).toBe('registry_body_invalid /more');
  });

  it('says in its event which keys the engine has to change', () => {
    const submit = (n: number, power: number) => {
      const body = { did: A, key: key(n), power };
      const [event] = ledger.submit({ kind: 'validator.set', body, by: [A, B, C] });
      return event ? registryValidators.changes(event) : [];
    };
    expect(submit(1, 5)).toEqual([{ publicKey: key(1), power: 5 }]);
    expect(submit(2, 5)).toEqual([
      { publicKey: key(1), power: 0 },
      { publicKey: key(2), power: 5 },
    ]);
    set(B, 3);
    expect(submit(2, 0)).toEqual([{ publicKey: key(2), power: 0 }]);
    // It comes back under its own old key.
    expect(submit(1, 7)).toEqual([{ publicKey: key(1), power: 7 }]);
    const other = { module: 'registry', type: 'member.leave', data: { did: A } };
    expect(registryValidators.changes(other)).toEqual([]);
  });
});
