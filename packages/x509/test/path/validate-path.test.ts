import type { Bytes } from '@attestel/core';
import { extension, parseCertificate, writeExtension } from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { AT, type Authority, authority, CA_EXTENSIONS, DAY, issued, keyPair, spkiOf } from '../chains.ts';
import { code, dns, middle, root, underConstrained, validate } from './under-root.ts';

describe('finding a path', () => {
  it('finds it in an unordered pool and passes over what does not belong to it', () => {
    const lower = authority('Lower', { by: middle });
    const stranger = authority('Stranger');
    const pool = [lower.certificate, stranger.certificate, middle.certificate];
    const path = validate(issued(lower), pool);
    expect(path.certificates).toHaveLength(3);
    expect(path.anchor.subject).toEqual(root.subject);
    expect(path.policies).toEqual({ authority: [], user: [] });
  });

  it('tries another issuer of the same name when the first path does not hold', () => {
    const keys = keyPair('P-256', 'twice');
    const expired = authority('Twice', { by: root, keys, notAfter: AT - 1 });
    const good = authority('Twice', { by: root, keys });
    expect(validate(issued(good), [expired.certificate, good.certificate]).certificates).toHaveLength(2);
    expect(() => validate(issued(good), [expired.certificate])).toThrow(code('path_expired'));
  });

  it('refuses without an anchor, with a forged signature, and with other key identifiers', () => {
    expect(() => validate(issued(middle), [middle.certificate], { anchors: [] })).toThrow(
      code('path_untrusted'),
    );
    const forged = issued({ subject: root.subject, keys: keyPair('P-256', 'mallory') });
    expect(() => validate(forged, [])).toThrow(code('path_untrusted'));
    const identified = authority('Id', {
      by: root,
      extensions: [...CA_EXTENSIONS, extension.ski(Uint8Array.of(1))],
    });
    const leaf = issued(identified, { extensions: [extension.aki({ keyId: Uint8Array.of(2) })] });
    expect(() => validate(leaf, [identified.certificate])).toThrow(code('path_untrusted'));
  });

  it.each([
    ['RSA', 'rsa-sha256'],
    ['RSA', 'rsa-sha512'],
    ['RSA', 'rsa-pss-sha256'],
    ['RSA', 'rsa-pss-sha384'],
    ['P-384', 'ecdsa-sha384'],
    ['P-256', 'ecdsa-sha384'],
    ['Ed25519', 'ed25519'],
  ] as const)('accepts signatures of %s keys with %s', (kind, algorithm) => {
    const ca = authority('Other', { by: root, keys: keyPair(kind, 'other') });
    expect(validate(issued(ca, { algorithm }), [ca.certificate]).certificates).toHaveLength(2);
  });
});

describe('bounded work', () => {
  const cross = (subject: Authority, by: Authority): Bytes =>
    issued(by, { subject: subject.subject, spki: spkiOf(subject.keys), extensions: CA_EXTENSIONS });

  it('refuses certificates that sign each other in a circle', () => {
    const [a, b] = [authority('A'), authority('B')];
    const pool = [cross(a, b), cross(b, a)];
    expect(() => validate(issued(a), pool)).toThrow(code('path_cyclic'));
    expect(() => validate(issued(a), [...pool, a.certificate, b.certificate])).toThrow(code('path_cyclic'));
  });

  it('refuses a chain of a hundred although it ends at an anchor', () => {
    const chain = [root];
    for (let i = 0; i < 99; i++) chain.push(authority(`CA ${i}`, { by: chain.at(-1) as Authority }));
    const pool = chain.slice(1).map((ca) => ca.certificate);
    expect(() => validate(issued(chain.at(-1) as Authority), pool)).toThrow(code('path_too_long'));
  });

  it('stops at its limit of signatures when all names are the same', () => {
    const names = Array.from({ length: 60 }, (_, i) => keyPair('P-256', `same ${i}`));
    const same = names.map((keys) => authority('Same', { keys }));
    const pool = same.map((subject, i) => cross(subject, same[(i + 1) % 60] as Authority));
    expect(() => validate(issued(same[0] as Authority), pool)).toThrow(code('path_work'));
  });

  it('refuses a pool beyond its limit before looking at it', () => {
    const pool = Array.from({ length: 128 }, () => middle.certificate);
    expect(() => validate(issued(middle), pool)).toThrow(code('path_work'));
  });

  it('refuses 2,048 name constraints, and many names times many constraints', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => dns(`${i}.x`));
    const constrained = (count: number) => [
      extension.nameConstraints({ permitted: many(count), excluded: [] }),
    ];
    expect(underConstrained(constrained(1200), [])).toThrow(code('path_names_too_many'));
    const both = authority('Half', { by: root, extensions: [...CA_EXTENSIONS, ...constrained(1024)] });
    const below = authority('Half below', { by: both, extensions: [...CA_EXTENSIONS, ...constrained(1024)] });
    expect(() => validate(issued(below), [both.certificate, below.certificate])).toThrow(
      code('path_names_too_many'),
    );
    expect(underConstrained(constrained(500), [extension.san(many(200))])).toThrow(
      code('path_names_too_many'),
    );
    expect(underConstrained(constrained(500), [extension.san(many(60))])).not.toThrow();
  });

  it('refuses policies that multiply', () => {
    const policies = (prefix: number) =>
      Array.from({ length: 600 }, (_, i) => ({ policy: `1.3.${prefix}.${i}` }));
    const ca = authority('P', { by: root, extensions: [...CA_EXTENSIONS, extension.policies(policies(1))] });
    const mappings = Array.from({ length: 500 }, (_, i) => ({
      issuerDomain: '1.3.1.1',
      subjectDomain: `1.3.2.${i}`,
    }));
    const lower = authority('Q', {
      by: ca,
      extensions: [...CA_EXTENSIONS, extension.policies(policies(1)), extension.policyMappings(mappings)],
    });
    const leaf = issued(lower, { extensions: [extension.policies(policies(2))] });
    expect(() => validate(leaf, [ca.certificate, lower.certificate])).toThrow(code('path_policy_work'));
  });
});

describe('rules of a path [RFC5280 §6.1]', () => {
  it('holds within the validity of each certificate, bounds included', () => {
    const leaf = issued(root, { notBefore: AT, notAfter: AT });
    expect(() => validate(leaf, [])).not.toThrow();
    expect(() => validate(leaf, [], { at: AT + 1 })).toThrow(code('path_expired'));
    expect(() => validate(leaf, [], { at: AT - 1 })).toThrow(code('path_not_yet_valid'));
    expect(() => validate(leaf, [], { at: Number.NaN })).toThrow(code('path_not_yet_valid'));
    expect(() => validate(issued(root, { notAfter: AT + 9 * DAY }), [], { at: AT + 2 * DAY })).toThrow(
      code('path_expired'),
    );
  });

  it('at any time: holds where all of it are ever valid together, and tries other paths where not', () => {
    const at = (day: number) => ({ notBefore: AT + day * DAY, notAfter: AT + (day + 10) * DAY });
    const top = authority('Root', { ...at(0), keys: root.keys });
    const ca = (day: number) => authority('Any', { by: top, ...at(day) });
    const leaf = issued(ca(0), at(8));
    const check = (...days: number[]) =>
      validate(
        leaf,
        days.map((day) => ca(day).certificate),
        { at: 'any', anchors: [parseCertificate(top.certificate)] },
      );
    expect(() => check(9)).not.toThrow();
    expect(() => check(-3)).toThrow(code('path_expired'));
    expect(check(-3, 2).certificates[0]?.notBefore).toBe(AT + 2 * DAY);
  });

  it('lets only CAs whose key may sign certificates issue', () => {
    const without = (extensions: readonly Bytes[]) => {
      const ca = authority('No', { by: root, extensions });
      return () => validate(issued(ca), [ca.certificate]);
    };
    expect(without([])).toThrow(code('path_not_ca'));
    expect(without([extension.basicConstraints({ ca: false })])).toThrow(code('path_not_ca'));
    const basic = extension.basicConstraints({ ca: true });
    expect(without([basic, extension.keyUsage(['cRLSign'])])).toThrow(code('path_key_usage'));
    expect(without([basic])).not.toThrow();
  });

  it('holds path lengths, of the anchor too, and does not count self-issued certificates', () => {
    const limited = authority('Limited', {
      by: root,
      extensions: [
        extension.basicConstraints({ ca: true, pathLength: 0 }),
        extension.keyUsage(['keyCertSign']),
      ],
    });
    expect(() => validate(issued(limited), [limited.certificate])).not.toThrow();
    const lower = authority('Lower', { by: limited });
    expect(() => validate(issued(lower), [limited.certificate, lower.certificate])).toThrow(
      code('path_length'),
    );
    const renewed = authority('Limited', { by: limited, keys: keyPair('P-256', 'renewed') });
    expect(() => validate(issued(renewed), [limited.certificate, renewed.certificate])).not.toThrow();
    const anchors = [parseCertificate(limited.certificate)];
    expect(() => validate(issued(lower), [lower.certificate], { anchors })).toThrow(code('path_length'));
  });

  it('refuses unknown critical extensions in leaf, CA and anchor, and passes over others', () => {
    const unknown = (critical: boolean) =>
      writeExtension('1.3.6.1.4.1.99999.1', critical, Uint8Array.of(5, 0));
    expect(underConstrained([], [unknown(true)])).toThrow(code('extension_critical_unknown'));
    expect(underConstrained([unknown(true)], [])).toThrow(code('extension_critical_unknown'));
    expect(underConstrained([unknown(false)], [unknown(false)])).not.toThrow();
    const odd = authority('Odd', { extensions: [...CA_EXTENSIONS, unknown(true)] });
    const anchors = [parseCertificate(odd.certificate)];
    expect(() => validate(issued(odd), [], { anchors })).toThrow(code('extension_critical_unknown'));
  });

  it('asks for what RFC 5280 §4 asks of CAs only when told to be strict', () => {
    const leaf = issued(middle);
    expect(() => validate(leaf, [middle.certificate], { strict: true })).toThrow(code('path_nonconforming'));
  });
});
