import { checkProfile, der, parseCertificate, writeGeneralName, writeName } from '@attestel/x509';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/ca/profile.ts';
import { deviceKey, freshAuthority } from './fixtures/authority.ts';

describe('certificates by template', () => {
  test.each(['small-cell', 'security-gateway', 'network-function'] as const)(
    'of a %s have the profile that the ledger asks for',
    async (role) => {
      const ca = await freshAuthority('Operator');
      const name = { kind: 'dns', value: 'one.mnc000.mcc460.3gppnetwork.org' } as const;
      const own = PROFILES[role];
      const certificate = await ca.issue({
        subject: writeName([['commonName', 'one']]),
        spki: deviceKey().spki,
        subjectAltName: der.sequence(writeGeneralName(name)),
        profile: role === 'network-function' ? { ...own, nfTypes: ['SMF'] } : own,
      });
      expect(checkProfile(role, parseCertificate(certificate)).plmns).toEqual(['46000']);
    },
  );
});
