import {
  assertPhoneNumberClaims,
  BRIDGE_ONLY_CLAIMS,
  parseDisclosedPhoneNumberClaims,
} from '@attestel/credentials';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../fixtures.ts';

const full = {
  phone_number: '+990123456789',
  phone_number_verified: true,
  country: 'ZZ',
  mobile_operator: 'Example Mobile',
  mcc: '001',
  mnc: '01',
  sim_changed_at: '2026-01-02',
  sim_unchanged_72h: true,
  sim_unchanged_30d: true,
  tenure_over_1y: false,
  verification_method: 'network',
  verified_at: '2026-11-22',
  binding_changed_at: '2026-11-22',
  binding_pending: false,
  subscription_handle: 'A'.repeat(43),
  porting_records: [],
};

describe('phone number credential', () => {
  test('its full set of claims', () => {
    expect(assertPhoneNumberClaims(full)).toEqual(full);
    const ported = { ...full, porting_records: ['a.b.c'], contract_owner: true, end_user: true };
    expect(assertPhoneNumberClaims(ported)).toEqual(ported);
  });

  test.each([
    ['phone_number', '990123456789'],
    ['phone_number', '+0123456789'],
    ['phone_number', '+1234567890123456'],
    ['phone_number_verified', false],
    ['country', 'zz'],
    ['mcc', 1],
    ['mcc', '01'],
    ['mnc', '1'],
    ['sim_changed_at', '2026-01-02T10:00:00Z'],
    ['sim_changed_at', '2026-02-30'],
    ['verification_method', 'sms_otp'],
    ['subscription_handle', 'A'.repeat(42)],
    ['subscription_handle', `${'A'.repeat(42)}B`],
    ['binding_pending', 'no'],
    ['porting_records', ['a.b']],
    ['porting_records', Array<string>(9).fill('a.b.c')],
    ['imsi', '001010123456789'],
  ])('refuses %s = %j and says which claim, not its value', async (name, value) => {
    const work = () => assertPhoneNumberClaims({ ...full, [name]: value });
    expect(await refusalOf(work)).toBe('claims_invalid');
    expect(work).toThrow(new RegExp(`^${name}(?:\\.\\d)?: claim does not fit the credential type$`));
  });

  test.each(['phone_number', 'subscription_handle', 'porting_records', 'binding_pending'] as const)(
    'an issuer must state %s',
    async (name) => {
      const { [name]: _, ...rest } = full;
      expect(await refusalOf(() => assertPhoneNumberClaims(rest))).toBe('claims_invalid');
    },
  );

  test('a verifier reads any selection of them, and leaves other claims of the payload out', () => {
    expect(parseDisclosedPhoneNumberClaims({ country: 'ZZ', iss: 'https://a.example', x: 1 })).toEqual({
      country: 'ZZ',
    });
    expect(parseDisclosedPhoneNumberClaims({})).toEqual({});
  });

  test('porting records count only together with the handle they are about', async () => {
    const records = { porting_records: ['a.b.c'] };
    expect(await refusalOf(() => parseDisclosedPhoneNumberClaims(records))).toBe('claims_invalid');
    const { subscription_handle } = full;
    expect(parseDisclosedPhoneNumberClaims({ ...records, subscription_handle })).toMatchObject(records);
  });

  test('handle and porting records are for bridges only', () => {
    expect([...BRIDGE_ONLY_CLAIMS].sort()).toEqual(['porting_records', 'subscription_handle']);
  });
});
