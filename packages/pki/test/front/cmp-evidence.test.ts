import { type Bytes, equalBytes, isAppError } from '@attestel/core';
import { der, sequenceIn } from '@attestel/x509';
import { describe, expect, test } from 'vitest';
import { checkCmpEvidence } from '../../src/front/cmp/evidence.ts';
import { parseCmpMessage } from '../../src/front/cmp/message.ts';
import { vector } from './fixtures/vectors.ts';

const [ir, certConf] = [vector('cmp-ir'), vector('cmp-certconf')];
const codeOf = (request: Bytes, confirmation: Bytes): string => {
  try {
    checkCmpEvidence(request, confirmation);
    return 'accepted';
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
};

describe('the messages of an enrolment as evidence', () => {
  test('name the device, the key, the certificate that it took, and the nonce that it signed', () => {
    const { signer, wanted, certificateHash, nonce } = checkCmpEvidence(ir, certConf);
    expect(equalBytes(signer, parseCmpMessage(ir).extraCerts[0] as Bytes)).toBe(true);
    expect(wanted.subject.length).toBeGreaterThan(0);
    expect(certificateHash).toHaveLength(32);
    expect(nonce).toEqual(parseCmpMessage(certConf).header.recipientNonce);
  });

  test('of two transactions, or of two signers, prove nothing', () => {
    // kur was signed by the operator's certificate, in a transaction of its own.
    expect(codeOf(vector('cmp-kur'), certConf)).toBe('cmp_sender');
    expect(codeOf(ir, ir)).toBe('cmp_body');
    expect(codeOf(certConf, certConf)).toBe('cmp_body');
    expect(codeOf(vector('cmp-rr'), certConf)).toBe('cmp_body');
  });

  test('with one bit of the nonce changed are refused', () => {
    const nonce = parseCmpMessage(certConf).header.recipientNonce as Bytes;
    const at = Buffer.from(certConf).indexOf(nonce);
    const changed = Uint8Array.from(certConf);
    changed[at] = (changed[at] as number) ^ 1;
    expect(codeOf(ir, changed)).toBe('cmp_signature');
  });

  test('without the signer’s certificate are refused', () => {
    const outer = sequenceIn(ir);
    const parts = [outer.next(), outer.next(), outer.next()].map(({ bytes }) => bytes);
    expect(codeOf(der.sequence(...parts), certConf)).toBe('cmp_signer_missing');
  });
});
