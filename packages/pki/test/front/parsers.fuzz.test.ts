import { type Bytes, equalBytes, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../x509/test/fuzzing.ts';
import { parseCertificationRequest } from '../../src/ca/certification-request.ts';
import { parseCertificateRequest } from '../../src/front/cmp/crmf.ts';
import { checkCmpEvidence } from '../../src/front/cmp/evidence.ts';
import { infoTypes, parseCmpMessage } from '../../src/front/cmp/message.ts';
import { verifyProtection } from '../../src/front/cmp/protection.ts';
import { parseConfirmation, parseRevocation } from '../../src/front/cmp/requests.ts';
import { readRequestBody } from '../../src/front/est/body.ts';
import { parseSubmission } from '../../src/front/json/submission.schema.ts';
import { parseOcspRequest } from '../../src/front/ocsp/request.ts';
import { vector } from './fixtures/vectors.ts';

const messages = (['cmp-ir', 'cmp-kur', 'cmp-rr', 'cmp-genm', 'cmp-certconf'] as const).map(vector);
const base64 = (bytes: Bytes): Bytes => utf8(Buffer.from(bytes).toString('base64'));
const infoOf = (request: Bytes): string => Buffer.from(request).toString('hex').slice(0, -160);

describe('bytes near what OpenSSL wrote are read or refused, soon, and with an error of ours', () => {
  it('as a CMP message with any body', () => {
    const readBody = [
      parseCertificateRequest,
      parseRevocation,
      parseConfirmation,
      infoTypes,
      ({ bytes }: { bytes: Bytes }) => parseCertificationRequest(bytes),
    ];
    for (const read of readBody) {
      fuzz(messages, (bytes) => read(parseCmpMessage(bytes).body));
    }
  });

  it('as a signed CMP message: what the signature covers is as it was', () => {
    const covered = messages.map((message) => parseCmpMessage(message).protectedPart);
    const { accepted, codes } = fuzz(
      messages,
      (bytes) => {
        const message = parseCmpMessage(bytes);
        verifyProtection(message);
        return message.protectedPart;
      },
      {
        accepted: (_, part) => {
          expect(covered.some((one) => equalBytes(one, part))).toBe(true);
        },
      },
    );
    expect(accepted).toBeGreaterThan(0);
    expect(codes).toContain('cmp_signature');
  });

  it('as the messages of an enrolment: they prove what they proved before, or nothing', () => {
    const [request, confirmation] = [vector('cmp-ir'), vector('cmp-certconf')];
    const outcomes = new Set<string>();
    const proves = (asked: Bytes, taken: Bytes) => {
      const { wanted, certificateHash, nonce } = checkCmpEvidence(asked, taken);
      outcomes.add(Buffer.concat([wanted.spki, certificateHash, nonce]).toString('hex'));
    };
    fuzz([request], (bytes) => proves(bytes, confirmation));
    fuzz([confirmation], (bytes) => proves(request, bytes));
    expect(outcomes.size).toBeLessThanOrEqual(1);
  });

  it('as a PKCS #10 request: one that was changed proves no possession', () => {
    const good = vector('pkcs10');
    const { codes } = fuzz([good], parseCertificationRequest, {
      accepted: (bytes) => expect(infoOf(bytes)).toBe(infoOf(good)),
    });
    expect(codes).toContain('request_possession');
  });

  it('as the body of an EST request', () => {
    const good = base64(vector('pkcs10'));
    fuzz([good], readRequestBody);
    fuzz([vector('pkcs10')], (bytes) => readRequestBody(base64(bytes)));
  });

  it('as an OCSP request', () => {
    const { codes } = fuzz([vector('ocsp-request')], parseOcspRequest);
    expect(codes).toContain('ocsp_hash');
  });

  it('as a submission in JSON', () => {
    const hash = 'ab'.repeat(32);
    const item = { certificate: 'MAA=', possession: 'MAA=', replaces: hash, origin: null };
    const text = {
      role: 'small-cell',
      anchor: hash,
      batch: null,
      challenge: hash,
      certificates: [item, item],
    };
    const { accepted, codes } = fuzz([utf8(JSON.stringify(text))], parseSubmission);
    expect(accepted).toBeGreaterThan(0);
    expect(codes).toEqual(new Set(['pki_query_invalid']));
  });
});
