import { type Bytes, isAppError, silentLogger, systemClock, unixSeconds, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificationRequest } from '../../src/ca/certification-request.ts';
import { parseCertificateRequest } from '../../src/front/cmp/crmf.ts';
import { infoTypes, parseCmpMessage } from '../../src/front/cmp/message.ts';
import { parseConfirmation, parseRevocation } from '../../src/front/cmp/requests.ts';
import type { CmpServer } from '../../src/front/cmp/server.ts';
import { readRequestBody } from '../../src/front/est/body.ts';
import { parseOcspRequest } from '../../src/front/ocsp/request.ts';
import { createOcspResponder, type OcspResponder } from '../../src/front/ocsp/responder.ts';
import { freshAuthority } from './fixtures/authority.ts';
import { enrolmentWorld } from './fixtures/enrolment.ts';
import { near } from './fixtures/mutate.ts';
import { fakeStatus } from './fixtures/status.ts';
import { vector } from './fixtures/vectors.ts';

const base64 = (bytes: Bytes): Bytes => utf8(Buffer.from(bytes).toString('base64'));
const bodyOf = (bytes: Bytes) => parseCmpMessage(bytes).body;

const parsers: [string, Bytes, (bytes: Bytes) => unknown][] = [
  ['OCSP request', vector('ocsp-request'), parseOcspRequest],
  ['PKCS #10', vector('pkcs10'), parseCertificationRequest],
  ['EST body', base64(vector('pkcs10')), readRequestBody],
  ['EST body around its DER', vector('pkcs10'), (bytes) => readRequestBody(base64(bytes))],
  ['CMP message', vector('cmp-ir'), parseCmpMessage],
  ['CMP ir', vector('cmp-ir'), (bytes) => parseCertificateRequest(bodyOf(bytes))],
  ['CMP kur', vector('cmp-kur'), (bytes) => parseCertificateRequest(bodyOf(bytes))],
  ['CMP rr', vector('cmp-rr'), (bytes) => parseRevocation(bodyOf(bytes))],
  ['CMP certConf', vector('cmp-certconf'), (bytes) => parseConfirmation(bodyOf(bytes))],
  ['CMP genm', vector('cmp-genm'), (bytes) => infoTypes(bodyOf(bytes))],
];

describe('parsers of the front ends', () => {
  test.each(parsers)('%s: what a real program wrote is read', (_, good, parse) => {
    expect(() => parse(good)).not.toThrow();
  });

  test.each(parsers)('%s: anything else is read or refused with an error of ours', (_, good, parse) => {
    fc.assert(
      fc.property(near(good), (bytes) => {
        try {
          parse(bytes);
        } catch (error) {
          if (!isAppError(error)) throw error;
          expect(error.kind).not.toMatch(/internal|unavailable/);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('servers', () => {
  let cmp: CmpServer;
  let ocsp: OcspResponder;
  beforeAll(async () => {
    cmp = await (await enrolmentWorld()).cmp();
    const { certificate, key } = await freshAuthority('Operator');
    const source = fakeStatus([certificate], unixSeconds(systemClock));
    const ports = { clock: systemClock, logger: silentLogger };
    ocsp = createOcspResponder({ source, signer: { key, certificate }, ...ports });
  });

  test('CMP answers any bytes with a message', () =>
    fc.assert(
      fc.asyncProperty(near(vector('cmp-ir')), async (bytes) => {
        const { der } = await cmp.respond(bytes, undefined);
        expect(() => parseCmpMessage(der)).not.toThrow();
      }),
      { numRuns: 300 },
    ));

  test('OCSP answers any bytes with a status', () =>
    fc.assert(
      fc.asyncProperty(near(vector('ocsp-request')), async (bytes) => {
        const { der } = await ocsp.respond(bytes);
        // Nobody's CA: malformedRequest or unauthorized, and never a statement.
        expect([1, 6]).toContain(der[4]);
      }),
      { numRuns: 300 },
    ));
});
