import type { CborValue } from '@attestel/core';
import { type App, createRegistry } from '@attestel/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  A,
  appBody,
  B,
  bridgeBody,
  C,
  type FakeLedger,
  foundedLedger,
  issuerBody,
  named,
  P,
  refusalOf,
  STRANGER,
  V,
  VCT,
} from './fake-ledger.ts';

interface Step {
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  readonly by: readonly string[];
}

const PARTIES = [A, B, C, V, P, STRANGER];
const party = fc.constantFrom(...PARTIES);
const client = fc.constantFrom('shop', 'forum', 'bank');

const ofKind = (kind: string, body: fc.Arbitrary<Step['body']>): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant(kind),
    body,
    by: fc.uniqueArray(party, { minLength: 1, maxLength: 6 }),
  });
const aboutDid = party.map((did) => ({ did }));
const app = fc
  .tuple(client, party, fc.constantFrom('Red', 'Blue'))
  .map(([clientId, member, name]) => appBody(clientId, { member, name: named(name, name) }));

const step: fc.Arbitrary<Step> = fc.oneof(
  ofKind(
    'issuer.accredit',
    party.map((did) => issuerBody(did)),
  ),
  ...['issuer.suspend', 'issuer.resume', 'member.suspend', 'member.resume', 'bridge.suspend'].map((kind) =>
    ofKind(kind, aboutDid),
  ),
  ofKind(
    'member.admit',
    party.map((did) => ({ did, name: named('New'), roles: ['operator'] })),
  ),
  ofKind('member.leave', fc.constant({})),
  ofKind(
    'bridge.accredit',
    fc.tuple(party, party).map(([did, member]) => bridgeBody(did, { member })),
  ),
  ofKind('app.register', app),
  ofKind('app.update', app),
  ofKind(
    'app.suspend',
    client.map((clientId) => ({ clientId })),
  ),
  ofKind(
    'app.resume',
    client.map((clientId) => ({ clientId })),
  ),
);

const isActive = (record: { readonly status: string }): boolean => record.status === 'active';

function after(steps: readonly Step[]): FakeLedger {
  const ledger = foundedLedger();
  for (const one of steps) refusalOf(() => ledger.submit(one));
  return ledger;
}

/** Operations on apps that mostly succeed: by the one member that vouches for all of them. */
const appStep: fc.Arbitrary<Step> = fc.oneof(
  ...['app.register', 'app.update', 'app.suspend', 'app.resume'].map((kind) =>
    fc.tuple(client, fc.constantFrom('Red', 'Blue', 'Green')).map(([clientId, name]) => ({
      kind,
      body: /register|update/.test(kind) ? appBody(clientId, { name: named(name, name) }) : { clientId },
      by: [P],
    })),
  ),
);

describe('any sequence of operations', () => {
  it('makes an issuer accredited, or so again, only by the votes of active members', () => {
    const run = fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const ledger = foundedLedger();
      const registry = createRegistry(ledger);
      for (const { kind, body, by } of steps) {
        const before = PARTIES.filter((did) => registry.isAccredited(did, VCT, 5000));
        const active = registry
          .members()
          .filter((m) => m.status === 'active')
          .map((m) => m.did);
        refusalOf(() => ledger.submit({ kind, body, by }));
        const gained = PARTIES.filter(
          (did) => registry.isAccredited(did, VCT, 5000) && !before.includes(did),
        );
        if (gained.length === 0) continue;
        // Only these kinds can, each by its own number of votes, and an active member acts.
        const needed = { 'issuer.accredit': 2, 'issuer.resume': 2, 'member.resume': 3 }[kind];
        expect(needed, kind).toBeDefined();
        expect(by.filter((did) => active.includes(did)).length).toBeGreaterThanOrEqual(needed ?? 99);
        expect(active).toContain(by[0]);
        expect(gained).toEqual([body.did]);
      }
    });
    fc.assert(run, { numRuns: 300 });
  });

  it('keeps enough active members to decide, and every record under an active member', () => {
    const run = fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const registry = createRegistry(after(steps));
      const active = registry
        .members()
        .filter(isActive)
        .map((m) => m.did);
      expect(active.length).toBeGreaterThanOrEqual(3);
      const vouched = [...registry.apps(), ...registry.bridges()].filter(isActive);
      expect(active).toEqual(expect.arrayContaining(vouched.map((record) => record.member)));
      expect(active).toEqual(
        expect.arrayContaining(
          registry
            .issuers()
            .filter(isActive)
            .map((i) => i.did),
        ),
      );
    });
    fc.assert(run, { numRuns: 200 });
  });

  it('keeps the names of active apps unique', () => {
    const run = fc.property(fc.array(appStep, { maxLength: 40, size: 'max' }), (steps) => {
      const ledger = foundedLedger();
      for (const one of steps) {
        refusalOf(() => ledger.submit(one));
        const records = [...ledger.state().list('app/')].map(([, record]) => record as unknown as App);
        const names = records.filter(isActive).map((record) => record.name.en);
        expect(new Set(names).size).toBe(names.length);
      }
    });
    fc.assert(run, { numRuns: 200 });
  });

  it('gives the same state whenever it is executed', () => {
    const run = fc.property(fc.array(step, { maxLength: 20, size: 'max' }), (steps) => {
      const execute = () => {
        const ledger = foundedLedger();
        const outcome = steps.map((one) => refusalOf(() => ledger.submit(one)));
        return { outcome, state: [...ledger.state().list('')] };
      };
      expect(execute()).toEqual(execute());
    });
    fc.assert(run, { numRuns: 50 });
  });
});
