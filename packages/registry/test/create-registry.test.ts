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
  timeAt,
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
  ledger.submit({ kind: 'bridge.accredit', body: bridgeBody(P), by: [A, P] });
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

  it('counts a member that cannot sign any more as suspended since then, with all it runs', () => {
    const ledger = filled();
    const registry = createRegistry(ledger);
    expect(registry.member(P)?.status).toBe('active');
    ledger.dropKeys(P);
    ledger.dropKeys(C);
    const since = timeAt(ledger.head().height);
    expect(registry.member(C)).toMatchObject({ status: 'suspended', statusSince: since });
    expect(registry.member(P)).toMatchObject({ status: 'suspended', statusSince: since - 1 });
    expect(registry.isAccredited(C, VCT, 1500)).toBe(false);
    expect([registry.issuer(C), registry.bridge(P), registry.app('shop')].map((r) => r?.status)).toEqual(
      Array(3).fill('suspended'),
    );
  });

  it('keeps the status of a member that had left before its DID ended', () => {
    const ledger = filled();
    ledger.submit({ kind: 'member.leave', body: {}, by: [P] });
    const left = createRegistry(ledger).member(P);
    ledger.dropKeys(P);
    expect(createRegistry(ledger).member(P)).toEqual(left);
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
    const counted = (module: string): StateReader => ({
      get: (key) => ledger.state(module).get(key),
      list: (prefix) => {
        lists++;
        return ledger.state(module).list(prefix);
      },
      find: (lookup) => ledger.state(module).find(lookup),
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
    ledger.dropKeys(V);
    height++; // an operation of another module
    expect(registry.member(V)?.status).toBe('suspended');
    expect(lists).toBe(3 * once);
  });
});
