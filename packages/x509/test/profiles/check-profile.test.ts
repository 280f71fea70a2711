import type { Bytes } from '@attestel/core';
import {
  checkProfile,
  der,
  EKU,
  EXTENSION,
  extension,
  type GeneralName,
  type KeyUsage,
  type ProfileRole,
  parseCertificate,
  writeExtension,
  writeName,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { AT, authority, DAY, issued } from '../chains.ts';

const code = (name: string, field?: string) =>
  expect.objectContaining({ name: 'AppError', code: name, ...(field && { field }) });
const root = authority('Root');
const DEVICE = writeName([
  ['organization', 'Vendor'],
  ['serialNumber', 'SN-0001'],
]);
const usage = (...usages: KeyUsage[]) => extension.keyUsage(usages);
const SIGN = usage('digitalSignature');
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const san = (...names: GeneralName[]) => extension.san(names);
const HOST = san(dns('cell1.ran.mnc015.mcc234.3gppnetwork.org'));
const AKI = extension.aki({ keyId: Uint8Array.of(1) });
const NF = [SIGN, extension.extKeyUsage([EKU.serverAuth, EKU.clientAuth]), AKI, extension.nfTypes(['AMF'])];

const check =
  (role: ProfileRole, extensions: readonly Bytes[], subject = DEVICE, notAfter = AT + DAY) =>
  () =>
    checkProfile(role, parseCertificate(issued(root, { extensions, subject, notAfter })));

describe('profiles of roles [TS33.310 cl. 6, 9; RFC9310]', () => {
  it('gives the facts of a small cell', () => {
    const slice: GeneralName = { kind: 'uri', value: 'urn:attestel:snssai:01-00000a' };
    const names = [
      dns('Cell1.ran.mnc015.mcc234.3gppnetwork.org'),
      dns('x.mnc410.mcc310.3gppnetwork.org'),
      slice,
    ];
    expect(check('small-cell', [SIGN, san(...names)])()).toEqual({
      role: 'small-cell',
      deviceSerial: 'SN-0001',
      vendor: 'Vendor',
      dnsNames: ['cell1.ran.mnc015.mcc234.3gppnetwork.org', 'x.mnc410.mcc310.3gppnetwork.org'],
      uris: [slice.value],
      plmns: ['23415', '310410'],
      snssais: ['01-00000a'],
      nfTypes: [],
    });
  });

  it.each([
    ['small-cell', [SIGN]],
    ['security-gateway', [usage('digitalSignature', 'keyEncipherment'), HOST]],
    ['security-gateway', [SIGN, san({ kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) })]],
    ['security-gateway', [SIGN, HOST, extension.extKeyUsage([EKU.ipsecIke])]],
    ['network-function', [...NF, HOST]],
    ['home-gateway', [SIGN]],
    ['iot-thing', [SIGN, extension.extKeyUsage([EKU.clientAuth])]],
  ] as const)('accepts a %s with what it needs', (role, extensions) => {
    expect(check(role, extensions)).not.toThrow();
  });

  it.each([
    ['vendor-ca', usage('keyCertSign')],
    ['operator-ca', usage('keyCertSign', 'cRLSign')],
  ] as const)('accepts a %s and refuses it as a device', (role, keyUsage) => {
    const extensions = [extension.basicConstraints({ ca: true }), keyUsage, extension.ski(Uint8Array.of(1))];
    expect(check(role, extensions)).not.toThrow();
    expect(check('small-cell', extensions)).toThrow(code('profile_ca', 'basicConstraints'));
    expect(check(role, extensions.slice(0, 2))).toThrow(code('profile_key_id', 'ski'));
    expect(check(role, extensions, writeName([]))).toThrow(code('profile_subject', 'subject'));
    expect(check(role, [SIGN])).toThrow(code('profile_ca'));
  });

  it.each<[string, ProfileRole, readonly Bytes[], string]>([
    ['no key usage', 'small-cell', [HOST], 'profile_key_usage'],
    [
      'key usage that is not critical',
      'small-cell',
      [extension.keyUsage(['digitalSignature'], false)],
      'profile_key_usage',
    ],
    ['key usage without signing', 'small-cell', [usage('keyEncipherment')], 'profile_key_usage'],
    [
      'a device that signs certificates',
      'small-cell',
      [usage('digitalSignature', 'keyCertSign')],
      'profile_key_usage',
    ],
    [
      'a function that enciphers',
      'network-function',
      [usage('digitalSignature', 'keyEncipherment'), ...NF.slice(1), HOST],
      'profile_key_usage',
    ],
    ['any extended usage', 'small-cell', [SIGN, extension.extKeyUsage([EKU.any])], 'profile_ext_key_usage'],
    [
      'an OCSP signer',
      'small-cell',
      [SIGN, extension.extKeyUsage([EKU.ocspSigning])],
      'profile_ext_key_usage',
    ],
    [
      'a function without extended usage',
      'network-function',
      [SIGN, AKI, extension.nfTypes(['AMF']), HOST],
      'profile_ext_key_usage',
    ],
    [
      'a function for tokens only',
      'network-function',
      [SIGN, extension.extKeyUsage([EKU.jwt]), ...NF.slice(2), HOST],
      'profile_ext_key_usage',
    ],
    ['a function without type', 'network-function', [...NF.slice(0, 3), HOST], 'profile_nf_types'],
    ['a function without name', 'network-function', NF, 'profile_alt_name'],
    [
      'a function without issuer key',
      'network-function',
      [...NF.slice(0, 2), ...NF.slice(3), HOST],
      'profile_key_id',
    ],
    ['a cell with a function type', 'small-cell', [SIGN, extension.nfTypes(['AMF'])], 'profile_nf_types'],
    ['a gateway without name', 'security-gateway', [SIGN], 'profile_alt_name'],
    ['a wildcard', 'security-gateway', [SIGN, san(dns('*.example'))], 'profile_alt_name'],
    ['a dot at the end', 'security-gateway', [SIGN, san(dns('a.example.'))], 'profile_alt_name'],
    ['constraints in a leaf', 'small-cell', [SIGN, extension.inhibitAnyPolicy(0)], 'profile_extension'],
    [
      'an unknown critical extension',
      'small-cell',
      [SIGN, writeExtension('1.3.6.1.4.1.99999.1', true, Uint8Array.of(5, 0))],
      'extension_critical_unknown',
    ],
  ])('refuses %s', (_, role, extensions, expected) => {
    expect(check(role, extensions)).toThrow(code(expected));
  });

  it('refuses types of network functions in a critical extension', () => {
    const value = der.sequence(der.ia5String('AMF'));
    const critical = writeExtension(EXTENSION.nfTypes, true, value);
    expect(check('network-function', [...NF.slice(0, 3), critical, HOST])).toThrow(code('profile_nf_types'));
  });

  it('refuses devices without a serial number, and with two', () => {
    const nameless = writeName([['commonName', 'x']]);
    expect(check('home-gateway', [SIGN], nameless)).toThrow(code('profile_subject'));
    expect(check('small-cell', [SIGN], nameless)).toThrow(code('profile_alt_name'));
    const twice = writeName([
      ['serialNumber', 'a'],
      ['serialNumber', 'b'],
    ]);
    expect(check('home-gateway', [SIGN], twice)).toThrow(code('profile_subject'));
  });

  it('refuses network functions valid over three years and periods that end before they begin', () => {
    expect(check('network-function', [...NF, HOST], DEVICE, AT + 3 * 366 * DAY)).toThrow(
      code('profile_validity'),
    );
    expect(check('small-cell', [SIGN], DEVICE, AT - 2 * DAY)).toThrow(code('profile_validity'));
  });
});
