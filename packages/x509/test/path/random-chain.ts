import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import {
  extension,
  type GeneralName,
  type KeyUsage,
  keyBits,
  parsePublicKey,
  writeExtension,
  writeName,
} from '@attestel/x509';
import fc from 'fast-check';
import { AT, DAY, issued, type KeyKind, keyPair, spkiOf } from '../chains.ts';

/** One certificate of a chain: right in every way but for what a run changes. */
interface Link {
  readonly key: KeyKind;
  readonly pathLength: number | undefined;
  readonly isCa: boolean;
  readonly basicConstraints: 'critical' | 'plain' | 'absent';
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
  readonly san: readonly GeneralName[];
  readonly ski: boolean;
  readonly aki: 'right' | 'wrong' | 'absent';
  readonly unknown: 'critical' | 'plain' | 'absent';
  /** Of the validity, in seconds. At notAfter itself openssl differs: RFC 5280 §4.1.2.5 includes it. */
  readonly shift: number;
  readonly forged: boolean;
  readonly subject: 'named' | 'empty' | 'asIssuer';
  readonly policies: readonly string[];
  readonly requireExplicit: number | undefined;
}

const text = (kind: 'dns' | 'email' | 'uri', ...values: string[]) =>
  fc.constantFrom(...values.map((value): GeneralName => ({ kind, value })));
const address = (...octets: number[][]) =>
  fc.constantFrom(...octets.map((value): GeneralName => ({ kind: 'ip', value: Uint8Array.from(value) })));

const NAME = fc.oneof(
  text(
    'dns',
    'a.example',
    'x.a.example',
    'xa.example',
    'b.example',
    'A.EXAMPLE',
    '*.a.example',
    'y.x.a.example',
  ),
  text('email', 'u@a.example', 'U@a.example', 'u@x.a.example', 'u@b.example'),
  text(
    'uri',
    'https://a.example/',
    'https://x.a.example:8/b',
    'https://b.example',
    'urn:a:b',
    'https://u@a.example',
  ),
  address([10, 0, 0, 1], [10, 1, 0, 1], [192, 0, 2, 1], new Array(16).fill(1)),
);
const BASE = fc.oneof(
  text('dns', 'a.example', 'x.a.example', 'example', 'b.example', '.a.example'),
  text('email', 'a.example', '.a.example', 'u@a.example'),
  text('uri', 'a.example', '.a.example', 'b.example'),
  address([10, 0, 0, 0, 255, 0, 0, 0], [10, 0, 0, 0, 255, 255, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]),
);

/** Mostly the right value, sometimes another: so that many chains hold and the others break in one place. */
const mostly = <T>(right: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: other });

const CA_USAGE: readonly KeyUsage[] = ['keyCertSign', 'cRLSign'];
const LEAF_USAGE: readonly KeyUsage[] = ['digitalSignature'];

const linkOf = (isCa: boolean): fc.Arbitrary<Link> =>
  fc.record({
    key: fc.constantFrom<KeyKind>('P-256', 'P-384', 'Ed25519', 'RSA'),
    pathLength: isCa
      ? mostly<number | undefined>(undefined, fc.constantFrom(0, 1, 2))
      : fc.constant(undefined),
    isCa: mostly(isCa, fc.boolean()),
    basicConstraints: mostly<Link['basicConstraints']>('critical', fc.constantFrom('plain', 'absent')),
    keyUsage: mostly<Link['keyUsage']>(
      isCa ? CA_USAGE : LEAF_USAGE,
      fc.constantFrom(undefined, CA_USAGE, LEAF_USAGE),
    ),
    permitted: isCa ? mostly<readonly GeneralName[]>([], fc.array(BASE, { maxLength: 3 })) : fc.constant([]),
    excluded: isCa ? mostly<readonly GeneralName[]>([], fc.array(BASE, { maxLength: 2 })) : fc.constant([]),
    san: isCa
      ? mostly<readonly GeneralName[]>([], fc.array(NAME, { maxLength: 1 }))
      : fc.array(NAME, { maxLength: 2 }),
    ski: mostly(true, fc.constant(false)),
    aki: mostly<Link['aki']>('right', fc.constantFrom('wrong', 'absent')),
    unknown: mostly<Link['unknown']>('absent', fc.constantFrom('critical', 'plain')),
    shift: mostly(0, fc.constantFrom(-2 * DAY, 2 * DAY, 1 - DAY, DAY)),
    forged: mostly(false, fc.constant(true)),
    subject: mostly<Link['subject']>('named', fc.constantFrom('empty', 'asIssuer')),
    policies: mostly<readonly string[]>([], fc.constantFrom(['1.3.1'], ['1.3.2'], ['2.5.29.32.0'])),
    requireExplicit: isCa
      ? mostly<number | undefined>(undefined, fc.constantFrom(0, 1))
      : fc.constant(undefined),
  });

/** Root first, then CAs, the leaf last. */
export const randomLinks: fc.Arbitrary<readonly Link[]> = fc
  .tuple(linkOf(true), fc.array(linkOf(true), { maxLength: 3 }), linkOf(false))
  .map(([root, middle, leaf]) => [{ ...root, aki: 'absent' as const, forged: false }, ...middle, leaf]);

const keyIdOf = (spki: Bytes): Bytes =>
  new Uint8Array(
    createHash('sha1')
      .update(keyBits(parsePublicKey(spki)))
      .digest(),
  );

export function writeChain(links: readonly Link[]): Bytes[] {
  let issuer = { subject: writeName([['commonName', 'CA 0']]), keys: keyPair(links[0]?.key, 'chain 0') };
  return links.map((link, index) => {
    const keys = keyPair(link.key, `chain ${index}`);
    const subject = index === 0 || link.subject === 'asIssuer' ? issuer.subject : subjectOf(link, index);
    const signer = link.forged ? keyPair(issuerKind(links, index), 'mallory') : issuer.keys;
    const certificate = issued(
      { subject: issuer.subject, keys: signer },
      {
        subject,
        spki: spkiOf(keys),
        notBefore: AT - DAY + link.shift,
        notAfter: AT + DAY + link.shift,
        extensions: extensionsOf(link, spkiOf(keys), spkiOf(issuer.keys)),
      },
    );
    issuer = { subject, keys };
    return certificate;
  });
}

const issuerKind = (links: readonly Link[], index: number): KeyKind =>
  links[Math.max(0, index - 1)]?.key ?? 'P-256';

const subjectOf = (link: Link, index: number): Bytes =>
  writeName(link.subject === 'empty' ? [] : [['commonName', `CA ${index}`]]);

function extensionsOf(link: Link, own: Bytes, issuer: Bytes): Bytes[] {
  const { isCa, basicConstraints, pathLength, permitted, excluded, policies, requireExplicit } = link;
  const basic = { ca: isCa, ...(isCa && pathLength !== undefined && { pathLength }) };
  return [
    ...(basicConstraints === 'absent'
      ? []
      : [extension.basicConstraints(basic, basicConstraints === 'critical')]),
    ...(link.keyUsage ? [extension.keyUsage(link.keyUsage)] : []),
    ...(permitted.length + excluded.length > 0 ? [extension.nameConstraints({ permitted, excluded })] : []),
    ...(link.san.length > 0 ? [extension.san(link.san, link.subject === 'empty')] : []),
    ...(link.ski ? [extension.ski(keyIdOf(own))] : []),
    ...(link.aki === 'absent'
      ? []
      : [extension.aki({ keyId: keyIdOf(link.aki === 'right' ? issuer : own) })]),
    ...(link.unknown === 'absent'
      ? []
      : [writeExtension('1.3.6.1.4.1.99999.1', link.unknown === 'critical', Uint8Array.of(5, 0))]),
    ...(policies.length > 0 ? [extension.policies(policies.map((policy) => ({ policy })))] : []),
    ...(requireExplicit === undefined ? [] : [extension.policyConstraints({ requireExplicit })]),
  ];
}
