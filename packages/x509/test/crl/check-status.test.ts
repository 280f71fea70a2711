import { type Bytes, fromHex } from '@attestel/core';
import {
  createListStatus,
  der,
  MAX_CRL_BYTES,
  parseCertificate,
  parseRevocationList,
  validatePath,
  writeExtension,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { AT, authority, issued } from '../chains.ts';
import { type ListChange, listOf as list } from './revocation-lists.ts';

const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
const root = authority('Root');
const leaf = issued(root, { serial: 0x81 });

const validate =
  (...lists: readonly Bytes[]) =>
  () =>
    validatePath({
      leaf: parseCertificate(leaf),
      intermediates: [],
      anchors: [parseCertificate(root.certificate)],
      at: AT,
      checkStatus: createListStatus({ lists: lists.map(parseRevocationList), intermediates: [], at: AT }),
    });

const DELTA = (base: number) => [writeExtension('2.5.29.27', true, der.integer(base))];
const scope = (hex: string) => [writeExtension('2.5.29.28', true, fromHex(hex))];

describe('status by revocation lists [RFC5280 §6.3]', () => {
  it('accepts what a current list does not name and refuses what it names', () => {
    expect(validate(list(root))).not.toThrow();
    expect(validate(list(root, { serials: [1, 2] }))).not.toThrow();
    expect(validate(list(root, { serials: [1, 0x81] }))).toThrow(code('path_revoked'));
    expect(validate(list(root), list(root, { serials: [0x81], reason: 1 }))).not.toThrow();
  });

  it('refuses without a list, with an old or forged one, and with one of unlimited age', () => {
    expect(validate()).toThrow(code('path_status_unknown'));
    expect(validate(list(root, { nextUpdate: AT - 1 }))).toThrow(code('path_status_unknown'));
    expect(validate(list(root, { nextUpdate: null }))).toThrow(code('path_status_unknown'));
    const forged = list({ ...root, keys: authority('Other').keys });
    expect(validate(forged)).toThrow(code('path_status_unknown'));
    expect(validate(list(authority('Other')))).toThrow(code('path_status_unknown'));
  });

  it('does not use a list with an unknown critical extension, its own or of an entry', () => {
    const unknown = writeExtension('1.3.6.1.4.1.99999.1', true, der.null());
    expect(validate(list(root, { extensions: [unknown] }))).toThrow(code('path_status_unknown'));
    expect(validate(list(root, { serials: [7], entryExtensions: [unknown] }))).toThrow(
      code('path_status_unknown'),
    );
  });

  it('does not use a list for CAs only, and needs lists for all reasons', () => {
    expect(validate(list(root, { extensions: scope('30038201ff') }))).toThrow(code('path_status_unknown'));
    expect(validate(list(root, { extensions: scope('30038101ff') }))).not.toThrow();
    const keyCompromise = list(root, { extensions: scope('300483020640') });
    const others = list(root, { extensions: scope('30058303073f80') });
    expect(validate(keyCompromise)).toThrow(code('path_status_unknown'));
    expect(validate(keyCompromise, others)).not.toThrow();
  });

  it('lets the delta of a list decide', () => {
    const deltaOf = (change: ListChange) => list(root, { number: 6, extensions: DELTA(4), ...change });
    expect(validate(list(root), deltaOf({ serials: [0x81] }))).toThrow(code('path_revoked'));
    expect(validate(list(root, { serials: [0x81] }), deltaOf({ serials: [0x81], reason: 8 }))).not.toThrow();
    expect(validate(deltaOf({}))).toThrow(code('path_status_unknown'));
    const early = deltaOf({ serials: [0x81], extensions: DELTA(6) });
    expect(validate(list(root), early)).not.toThrow();
  });

  it('refuses lists in another form', () => {
    const read = (change: ListChange) => () => parseRevocationList(list(root, change));
    expect(read({ serials: [1], reason: 7 })).toThrow(code('crl_malformed'));
    expect(read({ extensions: scope('3000') })).toThrow(code('crl_malformed'));
    expect(read({ extensions: scope('30068101ff8201ff') })).toThrow(code('crl_malformed'));
    expect(() => parseRevocationList(new Uint8Array(MAX_CRL_BYTES + 1))).toThrow(code('crl_too_large'));
  });
});
