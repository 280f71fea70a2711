import { type Bytes, concatBytes, type Signer } from '@attestel/core';
import {
  createRootCertificate,
  extension,
  type KeyUsage,
  verifyLeafUnder,
  writeExtension,
} from '@attestel/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorCertificate, nameOf, subjectKeyId } from '../../src/authoring/author.ts';
import { DID, type Issued, issue, NOW, newSigner, YEAR } from '../fixtures.ts';

let good: Issued;
beforeAll(async () => {
  good = await issue();
});

const usage = (...usages: KeyUsage[]): Bytes => extension.keyUsage(usages);
const basic = (ca: boolean): Bytes => extension.basicConstraints({ ca });
/** An extension whose value is an empty OCTET STRING inside. */
const emptyExtension = (oid: string, critical: boolean): Bytes =>
  writeExtension(oid, critical, Uint8Array.of(0x04, 0x00));

async function certificate(change: {
  signer: Signer;
  publicKey?: Signer['publicKey'];
  subject?: string;
  issuer?: string;
  extensions: Bytes[];
}) {
  const { signer, publicKey = signer.publicKey, subject = 'Root', issuer = 'Root', extensions } = change;
  const names = { issuer: nameOf(issuer), subject: nameOf(subject) };
  const period = { notBefore: NOW - 60, notAfter: NOW + 60 };
  return authorCertificate({ serial: undefined, publicKey, ...names, ...period, extensions }, signer);
}

/** A root and a leaf with the extensions given. */
async function pair(rootExtensions: Bytes[], leafExtensions: Bytes[]) {
  const signer = await newSigner();
  const root = await certificate({ signer, extensions: rootExtensions });
  const { publicKey } = await newSigner();
  const leaf = await certificate({ signer, publicKey, subject: 'Leaf', extensions: leafExtensions });
  return { root, leaf };
}

const code = (name: string) => expect.objectContaining({ code: name });
const GOOD_ROOT = [basic(true), usage('keyCertSign')];
const GOOD_LEAF = [basic(false), usage('digitalSignature')];

describe('path check of a leaf directly under an anchor', () => {
  it.each(['ES256', 'EdDSA'] as const)('accepts a leaf of ours and returns it (%s)', async (algorithm) => {
    const { root, leaf } = await issue(algorithm);
    expect(verifyLeafUnder([leaf], [good.root, root], NOW).sanUris[0]).toBe(DID);
  });

  it('refuses a leaf under no anchor, or under an anchor of the same name and another key', async () => {
    const other = await issue();
    expect(() => verifyLeafUnder([good.leaf], [], NOW)).toThrow(code('certificate_untrusted'));
    expect(() => verifyLeafUnder([good.leaf], [other.root], NOW)).toThrow(code('certificate_untrusted'));
    expect(verifyLeafUnder([good.leaf], [other.root, good.root], NOW)).toBeDefined();
  });

  it('refuses an issuer name that differs in a byte although the key is right', async () => {
    const request = { signer: good.rootSigner, notBefore: NOW - 3600, notAfter: NOW + YEAR };
    const renamed = await createRootCertificate({ ...request, name: '联盟 Consortium root' });
    expect(() => verifyLeafUnder([good.leaf], [renamed], NOW)).toThrow(code('certificate_untrusted'));
  });

  it('refuses outside the validity of leaf or anchor, bounds inclusive [RFC5280 §4.1.2.5]', () => {
    const at = (time: number) => () => verifyLeafUnder([good.leaf], [good.root], time);
    expect(at(NOW - 3600)).not.toThrow();
    expect(at(NOW + YEAR)).not.toThrow();
    for (const time of [NOW - 3601, NOW + YEAR + 1, NOW + 11 * YEAR, Number.NaN]) {
      expect(at(time)).toThrow(code('certificate_not_valid'));
    }
  });

  it('refuses a chain with the anchor, an intermediate or nothing in it', () => {
    for (const chain of [[], [good.leaf, good.root], [good.leaf, good.leaf]]) {
      expect(() => verifyLeafUnder(chain, [good.root], NOW)).toThrow(code('certificate_chain'));
    }
  });

  it('refuses the anchor itself as leaf', () => {
    expect(() => verifyLeafUnder([good.root], [good.root], NOW)).toThrow(code('certificate_usage'));
  });

  it.each([
    ['root without CA flag', [basic(false), usage('keyCertSign')], GOOD_LEAF],
    ['root without basic constraints', [usage('keyCertSign')], GOOD_LEAF],
    ['root that may not sign certificates', [basic(true), usage('cRLSign')], GOOD_LEAF],
    ['root without key usage', [basic(true)], GOOD_LEAF],
    ['leaf that is a CA', GOOD_ROOT, [basic(true), usage('digitalSignature')]],
    ['leaf that may not sign', GOOD_ROOT, [basic(false), usage('keyAgreement')]],
    ['leaf without key usage', GOOD_ROOT, [basic(false)]],
  ])('refuses a %s [RFC5280 §4.2.1.3, §4.2.1.9]', async (_, rootExtensions, leafExtensions) => {
    const { root, leaf } = await pair(rootExtensions, leafExtensions);
    expect(() => verifyLeafUnder([leaf], [root], NOW)).toThrow(code('certificate_usage'));
  });

  it('refuses an unknown critical extension in leaf or anchor, and name constraints always', async () => {
    const unknown = emptyExtension('1.3.6.1.4.1.99999.1', true);
    const constraints = extension.nameConstraints(
      { permitted: [{ kind: 'dns', value: 'x' }], excluded: [] },
      false,
    );
    for (const [rootMore, leafMore] of [
      [[unknown], []],
      [[], [unknown]],
      [[constraints], []],
    ] as const) {
      const { root, leaf } = await pair([...GOOD_ROOT, ...rootMore], [...GOOD_LEAF, ...leafMore]);
      expect(() => verifyLeafUnder([leaf], [root], NOW)).toThrow(code('extension_critical_unknown'));
    }
    const harmless = emptyExtension('1.3.6.1.4.1.99999.1', false);
    const { root, leaf } = await pair(GOOD_ROOT, [...GOOD_LEAF, harmless]);
    expect(() => verifyLeafUnder([leaf], [root], NOW)).not.toThrow();
  });

  it('refuses key identifiers that do not match although name and key do', async () => {
    const other = await newSigner();
    const signer = await newSigner();
    const root = await certificate({ signer, extensions: [...GOOD_ROOT, subjectKeyId(other.publicKey)] });
    const { leaf } = await issue('ES256', {
      issuer: { certificate: await certificate({ signer, extensions: GOOD_ROOT }), signer },
      notBefore: NOW - 60,
      notAfter: NOW + 60,
    });
    expect(() => verifyLeafUnder([leaf], [root], NOW)).toThrow(code('certificate_untrusted'));
  });

  it('refuses a leaf signed with another algorithm than the anchor has', async () => {
    const ed = await issue('EdDSA');
    const renamed = await createRootCertificate({
      name: '联盟 Consortium Root',
      signer: await newSigner('ES256'),
      notBefore: NOW - 60,
      notAfter: NOW + 60,
    });
    expect(() => verifyLeafUnder([ed.leaf], [renamed], NOW)).toThrow(code('certificate_untrusted'));
  });

  it('accepts no leaf in which any one bit is changed', () => {
    for (let at = 0; at < good.leaf.length; at++) {
      const bad = good.leaf.slice();
      bad[at] = (bad[at] as number) ^ (1 << (at % 8));
      expect(() => verifyLeafUnder([bad], [good.root], NOW), `byte ${at}`).toThrow(
        expect.objectContaining({ name: 'AppError' }),
      );
    }
  });

  it('refuses truncated and extended certificates', () => {
    for (const [bytes, expected] of [
      [new Uint8Array(), 'der_malformed'],
      [good.leaf.slice(0, -1), 'der_malformed'],
      [concatBytes(good.leaf, Uint8Array.of(0)), 'der_trailing'],
      [new Uint8Array(20_481), 'certificate_too_large'],
    ] as const) {
      expect(() => verifyLeafUnder([bytes], [good.root], NOW)).toThrow(code(expected));
    }
  });
});
