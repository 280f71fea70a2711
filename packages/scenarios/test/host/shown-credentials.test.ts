import { fromHex, type JsonValue, toBase58, toHex } from '@attestel/core';
import { type Beginning, type DeciderContext, digestOf, refOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { dataSet } from '../../src/data/modules/data-set.ts';
import { deviceType } from '../../src/device/modules/device-type.ts';
import { createModuleDecider } from '../../src/host/shared/module-decider.ts';
import { heldBy, type ShownCredential } from '../../src/host/shared/shown-credentials.ts';
import type { Module } from '../../src/module/module.ts';

const MODULE = deviceType as unknown as Module;
const didOf = (fill: number) =>
  `did:mno:test:z${toBase58(Uint8Array.of(0x12, 0x20, ...new Uint8Array(32).fill(fill)))}`;
const [GOVERNOR, UNIT] = [didOf(1), didOf(2)];
const [ID, SALT] = ['1'.repeat(32), 'a'.repeat(64)];
const REF = toHex(refOf('host.credential', fromHex(ID)));
const NOW = 1_800_000_000;

const issued = { id: ID, type: 'GroupUnit', subject: UNIT, claims: { name: 'Unit' }, until: null, jwt: 'x' };
const payloadOf = (change: object, more: object = {}) => ({
  ...{ party: GOVERNOR, at: NOW - 10, command: 'issue', issued: [{ ...issued, ...change }], ...more },
});
type Payload = ReturnType<typeof payloadOf>;

const beginningOf = (payload: Payload): Beginning => ({
  ...{ actor: GOVERNOR, time: NOW - 9, moduleDigest: 'b'.repeat(64), isLast: true },
  digest: toHex(digestOf(payload as JsonValue, fromHex(SALT))),
});

function contextOf(begun: Beginning, change: Partial<DeciderContext> = {}): DeciderContext {
  return {
    ...{ channel: 'gd/sz', actor: UNIT, height: 1, time: NOW, roles: [] },
    signedBy: (did) => did === UNIT,
    read: () => undefined,
    beginning: (channel, ref) => (channel === 'gd' && ref === REF ? begun : undefined),
    governs: (did) => did === GOVERNOR,
    isBarred: () => false,
    ...change,
  };
}

const shownOf = (payload: Payload, change: object = {}): ShownCredential =>
  ({ channel: 'gd', id: ID, salt: SALT, payload, ...change }) as ShownCredential;

const PAYLOAD = payloadOf({});
const BEGUN = beginningOf(PAYLOAD);

describe('a credential shown to every node', () => {
  it('counts with its type, subject, issuer and claims', () => {
    const held = heldBy(contextOf(BEGUN), MODULE, [shownOf(PAYLOAD)]);
    expect(held).toMatchObject([
      { type: 'GroupUnit', subject: UNIT, issuer: GOVERNOR, claims: { name: 'Unit' } },
    ]);
  });

  it.each<[string, ShownCredential]>([
    ['another payload than the line commits to', shownOf(payloadOf({ claims: { name: 'Other' } }))],
    ['another salt', shownOf(PAYLOAD, { salt: 'c'.repeat(64) })],
    ['another credential', shownOf(PAYLOAD, { id: '2'.repeat(32) })],
    ['a channel in which there is no such line', shownOf(PAYLOAD, { channel: 'js' })],
  ])('does not count with %s', (_, shown) => {
    expect(heldBy(contextOf(BEGUN), MODULE, [shown])).toEqual([]);
  });

  it.each<[string, Payload]>([
    ['was written in the name of somebody else', payloadOf({}, { party: UNIT })],
    ['gives nothing of that id', payloadOf({ id: '2'.repeat(32) })],
    ['is over', payloadOf({ until: NOW })],
    ['has not begun', payloadOf({}, { at: NOW + 1 })],
    ['is of a type that the module does not know', payloadOf({ type: 'ProvinceUnit' })],
    ['does not follow the schema of its type', payloadOf({ claims: { name: 'Unit', more: 1 } })],
    ['gives in another form', payloadOf({ until: 'never' })],
  ])('does not count where the line %s', (_, payload) => {
    expect(heldBy(contextOf(beginningOf(payload)), MODULE, [shownOf(payload)])).toEqual([]);
  });

  it.each<[string, Beginning, Partial<DeciderContext>]>([
    ['a second line ended it', { ...BEGUN, isLast: false }, {}],
    ['the line does not say who wrote it', { ...BEGUN, moduleDigest: null }, {}],
    ['another wrote the line', { ...BEGUN, actor: UNIT }, {}],
    ['its issuer does not govern', BEGUN, { governs: () => false }],
    ['its issuer is suspended', BEGUN, { isBarred: (did) => did === GOVERNOR }],
  ])('does not count where %s', (_, begun, change) => {
    expect(heldBy(contextOf(begun, change), MODULE, [shownOf(PAYLOAD)])).toEqual([]);
  });
});

it('no module is executed by nodes that gives credentials or hides its lines', () => {
  const gives = { ...dataSet, gives: [{ type: 'X', on: 'published', to: () => [] }] } as unknown as Module;
  expect(() => createModuleDecider(gives)).toThrow(TypeError);
  expect(() => createModuleDecider({ ...MODULE, blind: true })).toThrow(TypeError);
});
