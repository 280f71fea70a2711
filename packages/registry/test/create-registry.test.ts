import type { StateReader } from '@attestel/ledger';
import { createRegistry } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import {
  A,
  appBody,
  B,
  bridgeBody,
  C,
  foundedLedger,
  issuerBody,
  P,
  STRANGER,
  V,
  VCT,
} from './fake-ledger.ts';

const MID = 'urn:example:mid';

function filled() {
  const ledger = foundedLedger();
  const types = [
    { vct: VCT, validity: { from: 1000, until: null } },
    { vct: MID, validity: { from: 1000, until: 2000 } },
  ];
  ledger.submit({ kind: 'issuer.accredit', body: issuerBody(C, { types }), by: [A, B] });
  ledger.submit({ kind: 'bridge.accredit', body: bridgeBody(P), by: [A, B] });
  ledger.submit({ kind: 'app.register', body: appBody('shop'), by: [P] });
  return ledger;
}

describe('registry reader', () => {
  it('accredits for the listed type in [from, until) only', () => {
    const registry = createRegistry(filled());
    expect([999, 1000, 1999, 2000].map((at) => registry.isAccredited(C, MID, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(registry.isAccredited(C, VCT, 9_999_999_999)).toBe(true);
    expect(registry.isAccredited(C, 'urn:other', 1500)).toBe(false);
    expect(registry.isAccredited(A, VCT, 1500)).toBe(false);
    expect(registry.isAccredited(C, VCT, Number.NaN)).toBe(false);
  });

  it('counts issuers of a suspended member as suspended until it is resumed', () => {
    const ledger = filled();
    const registry = createRegistry(ledger);
    ledger.submit({ kind: 'member.suspend', body: { did: C }, by: [A, B, P] });
    expect(registry.issuer(C)?.status).toBe('suspended');
    expect(registry.issuers().map((i) => i.status)).toEqual(['suspended']);
    expect(registry.isAccredited(C, VCT, 1500)).toBe(false);
    ledger.submit({ kind: 'member.resume', body: { did: C }, by: [A, B, P] });
    expect(registry.isAccredited(C, VCT, 1500)).toBe(true);
  });

  it('counts bridges and apps of a suspended or departed member as suspended', () => {
    for (const end of [
      { kind: 'member.suspend', body: { did: P }, by: [A, B, C] },
      { kind: 'member.leave', body: {}, by: [P] },
    ]) {
      const ledger = filled();
      ledger.submit(end);
      const registry = createRegistry(ledger);
      expect(registry.bridge(P)?.status).toBe('suspended');
      expect(registry.app('shop')?.status).toBe('suspended');
      expect(registry.apps()).toEqual([{ ...appBody('shop'), status: 'suspended' }]);
      expect(registry.bridges()).toHaveLength(1);
    }
  });

  it('answers undefined and empty lists before anything is registered', () => {
    const registry = createRegistry(foundedLedger());
    expect(registry.member(STRANGER)).toBeUndefined();
    expect(registry.issuer(V)).toBeUndefined();
    expect(registry.bridge(P)).toBeUndefined();
    expect(registry.app('shop')).toBeUndefined();
    expect([registry.issuers(), registry.bridges(), registry.apps()]).toEqual([[], [], []]);
  });

  it('sees each block at once, and decodes anew only when the registry changed', () => {
    const ledger = filled();
    let height = 1;
    let lists = 0;
    const counted = (): StateReader => ({
      get: (key) => ledger.state().get(key),
      list: (prefix) => {
        lists++;
        return ledger.state().list(prefix);
      },
    });
    const registry = createRegistry({ head: () => ({ height }) as never, state: counted });
    registry.members();
    const once = lists;
    registry.issuer(C);
    height++; // a block without an operation of the registry
    registry.apps();
    expect(lists).toBe(once);
    ledger.submit({ kind: 'issuer.suspend', body: { did: C }, by: [A, B] });
    height++;
    expect(registry.issuer(C)?.status).toBe('suspended');
    expect(lists).toBe(2 * once);
  });
});
