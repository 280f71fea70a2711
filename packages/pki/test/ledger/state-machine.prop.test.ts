import { type Bytes, fromHex, toHex } from '@attestel/core';
import { anchorIdOf, type CertificateRecord, type Scope, statusAt } from '@attestel/pki';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scopeHash } from '../../src/rules/scope.ts';
import { sha256 } from '../../src/sha256.ts';
import { devices, keys, names } from '../../src/state/records.ts';
import { createFakeLedger, hashOf, OPERATOR, OTHER, VENDOR } from './fake-ledger.ts';

const scope: Scope = {
  ...{ kind: 'vendor', owner: VENDOR, plmns: [], slices: [], dns: [], serials: ['AC'] },
  ...{ roles: ['small-cell'], tokenKey: new Uint8Array(32) },
};
const anchor = anchorIdOf(null, scope);
const scopeId = scopeHash(scope, sha256);

interface Item {
  readonly certificate: number;
  readonly key: number;
  readonly name: number;
  readonly device: number | null;
  readonly replaces: number | null;
}

const small = fc.integer({ min: 0, max: 3 });
const item: fc.Arbitrary<Item> = fc.record({
  certificate: fc.integer({ min: 0, max: 4 }),
  key: fc.integer({ min: 0, max: 7 }),
  name: fc.integer({ min: 0, max: 7 }),
  device: fc.option(small),
  replaces: fc.option(fc.integer({ min: 0, max: 4 })),
});
const command = fc.oneof(
  fc.record({ kind: fc.constant('submit' as const), items: fc.array(item, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    kind: fc.constantFrom('suspend' as const, 'revoke' as const, 'resume' as const),
    certificate: fc.integer({ min: 0, max: 4 }),
    by: fc.constantFrom(VENDOR, VENDOR, OPERATOR, OTHER),
  }),
  fc.record({
    kind: fc.constant('supersede' as const),
    certificate: fc.integer({ min: 0, max: 4 }),
    successor: fc.integer({ min: 0, max: 4 }),
    overlap: fc.integer({ min: 0, max: 200_000 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 200_000 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

type Ledger = ReturnType<typeof createFakeLedger>;
const certificateOf = (n: number): Bytes => hashOf(`certificate ${n}`);

function openLedger(): Ledger {
  const ledger = createFakeLedger();
  const voters = [VENDOR, OPERATOR];
  const body = { certificate: null, scope, from: ledger.time(), until: null, replaces: null, voters };
  expect(ledger.submit('anchor.admit', body, voters).code).toBeUndefined();
  return ledger;
}

function run(ledger: Ledger, what: Command): void {
  const both = [VENDOR, OPERATOR];
  switch (what.kind) {
    case 'wait':
      ledger.later(what.seconds);
      return;
    case 'submit':
      submit(ledger, what.items);
      return;
    case 'supersede':
      ledger.submit(
        'status.supersede',
        {
          ...{ certificate: certificateOf(what.certificate), successor: certificateOf(what.successor) },
          overlap: what.overlap,
        },
        [VENDOR],
      );
      return;
    default: {
      const certificates = [certificateOf(what.certificate)];
      const reason = 'key-compromise';
      if (what.kind === 'resume') ledger.submit('status.resume', { certificates, voters: both }, both);
      else if (what.kind === 'revoke') {
        ledger.submit('status.revoke', { certificates, reason, voters: null }, [what.by]);
      } else ledger.submit('status.suspend', { certificates, reason }, [what.by]);
    }
  }
}

function submit(ledger: Ledger, items: readonly Item[]): void {
  const drawn = ledger.submit('challenge', { salt: new Uint8Array(32) }, [VENDOR]);
  const challenge = drawn.events[0]?.data.challenge as Bytes;
  const body = {
    ...{ anchor, scope: scopeId, batch: null, role: 'small-cell', challenge, source: null, part: null },
    items: items.map(({ certificate, key, name, device, replaces }) => [
      ...[certificateOf(certificate), hashOf('leaf'), hashOf(`key ${key}`), hashOf(`name ${name}`)],
      ...[device === null ? null : hashOf(`device ${device}`), 0, 4_000_000_000],
      ...[replaces === null ? null : certificateOf(replaces), null],
    ]),
  };
  ledger.submit('submit', body, [VENDOR]);
}

const recordsOf = (ledger: Ledger): ReadonlyMap<string, CertificateRecord> =>
  new Map(
    Array.from(ledger.state().list('cert/'), ([key, value]) => [
      key.slice('cert/'.length),
      value as unknown as CertificateRecord,
    ]),
  );

const commands = fc.array(command, { minLength: 20, maxLength: 60 });

it('never publishes a key, a serial or a certificate twice, and numbers them without gaps', () => {
  fc.assert(
    fc.property(commands, (list) => {
      const ledger = openLedger();
      const holders = new Map<string, string>();
      for (const what of list) {
        run(ledger, what);
        for (const [certificate, { key, name }] of recordsOf(ledger)) {
          for (const unique of [`key ${toHex(key)}`, `name ${toHex(name)}`]) {
            expect(holders.get(unique) ?? certificate).toBe(certificate);
            holders.set(unique, certificate);
          }
          expect(keys.find(ledger.state(), key)).toEqual(fromHex(certificate));
          expect(names.find(ledger.state(), name)).toEqual(fromHex(certificate));
        }
      }
      const records = recordsOf(ledger);
      const indices = Array.from(records.values(), ({ index }) => index).sort((x, y) => x - y);
      expect(indices).toEqual(indices.map((_, i) => i));
    }),
    { numRuns: 150 },
  );
});

/** Runs the commands, and the check after each of them. */
const always = (makeCheck: () => (ledger: Ledger) => void): void =>
  fc.assert(
    fc.property(commands, (list) => {
      const ledger = openLedger();
      const check = makeCheck();
      for (const what of list) {
        run(ledger, what);
        check(ledger);
      }
    }),
    { numRuns: 150 },
  );

/** Follows successors: several renewals can stand in one submission. */
function assertSucceeds(records: ReturnType<typeof recordsOf>, from: string, to: string): void {
  for (let at: string | undefined = from; at !== to; ) {
    const old: CertificateRecord | undefined = records.get(at ?? '');
    expect(['superseded', 'revoked']).toContain(old?.status);
    at = old?.successor ? toHex(old.successor) : undefined;
  }
}

it('gives a device a second certificate only in the place of the first, which then ends', () => {
  always(() => {
    const last = new Map<string, string>();
    return (ledger) => {
      const records = recordsOf(ledger);
      for (const { device } of records.values()) {
        if (!device) continue;
        const holder = toHex(devices.find(ledger.state(), device) as Bytes);
        assertSucceeds(records, last.get(toHex(device)) ?? holder, holder);
        last.set(toHex(device), holder);
      }
    };
  });
});

it('never brings back what was revoked, or what a successor has taken the place of', () => {
  always(() => {
    const ended = new Set<string>();
    return (ledger) => {
      for (const [hash, record] of recordsOf(ledger)) {
        const status = statusAt(record, ledger.time());
        const isEnd = status === 'revoked' || status === 'superseded';
        expect(isEnd || !ended.has(hash)).toBe(true);
        expect(status !== 'revoked' || statusAt(record, Number.MAX_SAFE_INTEGER) === 'revoked').toBe(true);
        if (isEnd) ended.add(hash);
      }
    };
  });
});

it('comes to the same state from the same operations', () => {
  fc.assert(
    fc.property(commands, (list) => {
      const [one, two] = [openLedger(), openLedger()];
      for (const what of list) {
        run(one, what);
        run(two, what);
      }
      expect([...one.state().list('')]).toEqual([...two.state().list('')]);
    }),
    { numRuns: 50 },
  );
});
