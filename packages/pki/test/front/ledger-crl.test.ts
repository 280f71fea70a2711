import { createMemoryStore } from '@attestel/core';
import { parseCertificate } from '@attestel/x509';
import { expect, test } from 'vitest';
import { createIssuedRegister } from '../../src/ca/issued-register.ts';
import { ledgerCrlSource } from '../../src/front/crl/ledger-crl-source.ts';
import { certify } from '../ledger/devices.ts';
import { publishCell } from '../ledger/published-cell.ts';

test('a revocation list holds what the ledger withdrew of what its CA issued, and moves with the ledger', async () => {
  const { world, cell, publish, suspend } = await publishCell();
  const other = await publish(2);
  const register = createIssuedRegister(createMemoryStore());
  // Both are self-signed by one name, which makes them certificates of one issuer here.
  for (const { certificate } of [cell, other]) await register.add(parseCertificate(certificate), 0);
  const { issuer, serial } = parseCertificate(cell.certificate);
  const source = ledgerCrlSource(world.pki, register);
  expect(await source.withdrawn(issuer)).toEqual([]);
  const before = source.version();
  await suspend();
  expect(source.version()).toBeGreaterThan(before);
  expect(source.asOf()).toBe(world.pki.now());
  expect(await source.withdrawn(issuer)).toMatchObject([{ serial, reason: 6 }]);
  expect(await source.withdrawn(Uint8Array.of(0x30, 0))).toEqual([]);
  const { notAfter } = parseCertificate(cell.certificate);
  const later = { ...world.pki, now: () => notAfter + 86_401 };
  expect(await ledgerCrlSource(later, register).withdrawn(issuer)).toEqual([]);
});

test('what was handed out and never published is on the list, once it is given up or its time is over', async () => {
  const { world, publish } = await publishCell();
  const { certificate, key } = await certify({ device: 'AC5G-000077' });
  const register = createIssuedRegister(createMemoryStore());
  const { issuer, serial, spki } = parseCertificate(certificate);
  const deadline = world.pki.now() + 900;
  await register.add(parseCertificate(certificate), deadline);
  expect(register.ofKey(spki)).toEqual(certificate);
  expect(register.ofKey(key.spki.with(30, 0))).toBeUndefined();
  const source = ledgerCrlSource(world.pki, register);
  expect(await source.withdrawn(issuer)).toEqual([]);
  const later = ledgerCrlSource(world.pki, register, { asOf: () => deadline });
  expect(await later.withdrawn(issuer)).toEqual([{ serial, since: deadline, reason: 5 }]);
  await register.giveUp(certificate, world.pki.now());
  expect(await source.withdrawn(issuer)).toMatchObject([{ since: world.pki.now() }]);
  // Published after all, whatever the register thought: the ledger decides.
  const other = await publish(3);
  const late = createIssuedRegister(createMemoryStore());
  await late.add(parseCertificate(other.certificate), 0);
  const { issuer: name } = parseCertificate(other.certificate);
  expect(await ledgerCrlSource(world.pki, late).withdrawn(name)).toEqual([]);
});
