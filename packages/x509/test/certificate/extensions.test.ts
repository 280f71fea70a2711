import { type Bytes, fromHex } from '@attestel/core';
import {
  contextTag,
  der,
  EXTENSION,
  extension,
  type GeneralName,
  parseCertificate,
  readDer,
  readExtensions,
  readName,
  writeExtension,
  writeName,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { authority, issued } from '../chains.ts';

const code = (name: string, field?: string) =>
  expect.objectContaining({ name: 'AppError', code: name, ...(field && { field }) });
const read = (...list: readonly Bytes[]) =>
  readExtensions(readDer(der.explicit(3, der.sequence(...list)), contextTag(3)));
const raw = (field: keyof typeof EXTENSION, hex: string) => () =>
  read(writeExtension(EXTENSION[field], false, fromHex(hex)));

const name = readName(readDer(writeName([['commonName', 'x']])));
const ALL_KINDS: readonly GeneralName[] = [
  { kind: 'otherName', type: '1.3.6.1.5.5.7.8.4', value: der.sequence(der.null()) },
  { kind: 'email', value: 'u@a.example' },
  { kind: 'dns', value: 'a.example' },
  { kind: 'directoryName', name },
  { kind: 'uri', value: 'https://a.example' },
  { kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) },
  { kind: 'registeredId', oid: '1.2.3' },
];
const [DNS, URI] = [ALL_KINDS[2], ALL_KINDS[4]] as [GeneralName, GeneralName];
const RANGE: GeneralName = { kind: 'ip', value: Uint8Array.of(10, 0, 0, 0, 255, 128, 0, 0) };

describe('known extensions [RFC5280 §4.2]', () => {
  it.each([
    [
      'basicConstraints',
      extension.basicConstraints({ ca: true, pathLength: 2 }),
      { ca: true, pathLength: 2 },
    ],
    ['basicConstraints', extension.basicConstraints({ ca: false }), { ca: false }],
    [
      'keyUsage',
      extension.keyUsage(['keyCertSign', 'decipherOnly']),
      new Set(['keyCertSign', 'decipherOnly']),
    ],
    ['extKeyUsage', extension.extKeyUsage(['1.3.6.1.5.5.7.3.1']), ['1.3.6.1.5.5.7.3.1']],
    ['san', extension.san(ALL_KINDS), ALL_KINDS],
    [
      'nameConstraints',
      extension.nameConstraints({ permitted: [DNS, RANGE], excluded: [URI] }),
      { permitted: [DNS, RANGE], excluded: [URI] },
    ],
    ['policies', extension.policies([{ policy: '1.3.1' }]), [{ policy: '1.3.1' }]],
    [
      'policies',
      extension.policies([{ policy: '1.3.1', qualifiers: der.sequence(der.null()) }]),
      [{ policy: '1.3.1', qualifiers: der.sequence(der.null()) }],
    ],
    [
      'policyMappings',
      extension.policyMappings([{ issuerDomain: '1.3.1', subjectDomain: '1.3.2' }]),
      [{ issuerDomain: '1.3.1', subjectDomain: '1.3.2' }],
    ],
    ['policyConstraints', extension.policyConstraints({ requireExplicit: 0 }), { requireExplicit: 0 }],
    ['policyConstraints', extension.policyConstraints({ inhibitMapping: 3 }), { inhibitMapping: 3 }],
    ['inhibitAnyPolicy', extension.inhibitAnyPolicy(1), 1],
    ['ski', extension.ski(Uint8Array.of(1, 2)), Uint8Array.of(1, 2)],
    ['aki', extension.aki({}), {}],
    [
      'aki',
      extension.aki({ keyId: Uint8Array.of(1), issuer: [DNS], serial: Uint8Array.of(0x81) }),
      { keyId: Uint8Array.of(1), issuer: [DNS], serial: Uint8Array.of(0x81) },
    ],
    [
      'crlDp',
      extension.crlDp([{ name: { fullName: [URI] }, reasons: new Set([1, 3]), crlIssuer: [DNS] }]),
      [{ name: { fullName: [URI] }, reasons: new Set([1, 3]), crlIssuer: [DNS] }],
    ],
    [
      'crlDp',
      extension.crlDp([{ name: { relativeName: name.rdns[0] ?? [] } }]),
      [{ name: { relativeName: name.rdns[0] } }],
    ],
    [
      'aia',
      extension.aia([{ method: '1.3.6.1.5.5.7.48.1', location: URI }]),
      [{ method: '1.3.6.1.5.5.7.48.1', location: URI }],
    ],
    ['nfTypes', extension.nfTypes(['AMF', '5G_EIR']), ['AMF', '5G_EIR']],
  ] as const)('are read as written: %s', (field, written, expected) => {
    expect(read(written)[field]).toEqual(expected);
  });

  it('are absent where they are absent', () => {
    expect(readExtensions(undefined)).toEqual({ all: [], unknownCritical: [] });
  });

  it.each([
    ['FALSE written out', 'basicConstraints', '3003010100', 'der_form'],
    ['path length without CA', 'basicConstraints', '3003020100', 'extension_malformed'],
    ['negative path length', 'basicConstraints', '30060101ff0201ff', 'der_structure'],
    ['something after it', 'basicConstraints', '30020500', 'der_trailing'],
    ['trailing zero bits', 'keyUsage', '03020680', 'der_form'],
    ['no bit at all', 'keyUsage', '030100', 'extension_malformed'],
    ['a tenth bit', 'keyUsage', '0303060040', 'extension_malformed'],
    ['another type', 'keyUsage', '040107', 'der_structure'],
    ['no usage', 'extKeyUsage', '3000', 'extension_malformed'],
    ['no name', 'san', '3000', 'extension_malformed'],
    ['an empty name', 'san', '30028200', 'extension_malformed'],
    ['a control character', 'san', '3003860100', 'name_malformed'],
    ['a character beyond ASCII', 'san', '30048602c3a9', 'name_malformed'],
    ['an address of five octets', 'san', '300787050000000000', 'name_malformed'],
    ['an unknown kind of name', 'san', '30028900', 'der_structure'],
    ['a name of the wrong form', 'san', '3002a200', 'der_structure'],
    ['no subtree', 'nameConstraints', '3000', 'extension_malformed'],
    ['an empty list of subtrees', 'nameConstraints', '3002a000', 'extension_malformed'],
    ['a minimum', 'nameConstraints', '300aa0083006820161800101', 'extension_malformed'],
    ['a mask with holes', 'nameConstraints', '300ea00c300a87080a000000ff00ff00', 'extension_malformed'],
    ['a policy twice', 'policies', '300c300406022b01300406022b01', 'extension_malformed'],
    ['no constraint', 'policyConstraints', '3000', 'extension_malformed'],
    ['an issuer without serial number', 'aki', '3005a103820161', 'extension_malformed'],
    ['reasons alone', 'crlDp', '3006300481020640', 'extension_malformed'],
    ['no type', 'nfTypes', '3000', 'extension_malformed'],
    ['an empty type', 'nfTypes', '30021600', 'extension_malformed'],
    ['a type twice', 'nfTypes', '300616014116 0141'.replace(' ', ''), 'extension_malformed'],
    ['a type as UTF-8', 'nfTypes', '30030c0141', 'extension_malformed'],
  ] as const)('are refused in another form, with their name: %s', (_, field, hex, expected) => {
    expect(raw(field, hex)).toThrow(code(expected, field));
  });

  it('are refused when critical is FALSE written out, when they have no value, and when there is none', () => {
    const explicitFalse = der.sequence(der.oid('1.2.3'), der.boolean(false), der.octetString(der.null()));
    expect(() => read(explicitFalse)).toThrow(code('der_form'));
    expect(() => read(der.sequence(der.oid('1.2.3')))).toThrow(code('der_structure'));
    expect(() => read(der.octetString(Uint8Array.of()))).toThrow(code('der_structure'));
    expect(() => read()).toThrow(code('extension_malformed'));
    const many = Array.from({ length: 65 }, (_, i) => writeExtension(`1.3.${i}`, false, der.null()));
    expect(() => read(...many)).toThrow(code('extension_malformed'));
  });

  it('come through a whole certificate', () => {
    const parsed = parseCertificate(issued(authority('Root'), { extensions: [extension.nfTypes(['UPF'])] }));
    expect(parsed.extensions.nfTypes).toEqual(['UPF']);
  });
});
