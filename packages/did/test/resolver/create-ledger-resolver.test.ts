import { toHex } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { createLedgerResolver, type DidResolver, formatVersionId, parseVersionId } from '../../src/index.ts';
import { formatDateTime } from '../../src/resolver/date-time.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { party } from '../fakes/party.ts';

const { ledger, alice, gone, operations, resolver, clock } = await ledgerWithHistory();
const START = 1_800_000_000;
const at = (offset: number): string => formatDateTime(START + offset);
const errorOf = async (...request: Parameters<DidResolver['resolve']>) => {
  const { didResolutionMetadata, didDocument, didDocumentMetadata } = await resolver.resolve(...request);
  // DID Resolution v1 §4: on error there is no document and its metadata is empty.
  if (didResolutionMetadata.error) expect([didDocument, didDocumentMetadata]).toEqual([null, {}]);
  return didResolutionMetadata.error;
};

describe('resolution from the ledger (DID Resolution v1 §4)', () => {
  test('gives the newest document with its metadata', async () => {
    expect(await resolver.resolve(alice.did)).toEqual({
      didResolutionMetadata: { contentType: 'application/did' },
      didDocument: alice.document,
      didDocumentMetadata: {
        created: at(1),
        updated: at(102),
        versionId: formatVersionId(2, operations.update.id),
      },
    });
  });

  test('versionId gives that version and names the next one; the first has no `updated`', async () => {
    const versionId = formatVersionId(1, operations.create.id);
    const { didDocument, didDocumentMetadata } = await resolver.resolve(alice.did, { versionId });
    expect(didDocument).toEqual(alice.document);
    expect(didDocumentMetadata).toEqual({
      created: at(1),
      versionId,
      nextUpdate: at(102),
      nextVersionId: formatVersionId(2, operations.update.id),
    });
  });

  test('versionId opens to the operation that the next one must follow', async () => {
    const { didDocumentMetadata } = await resolver.resolve(alice.did);
    const parsed = parseVersionId(didDocumentMetadata.versionId ?? '');
    expect(toHex(parsed?.operationId ?? new Uint8Array())).toBe(toHex(operations.update.id));
  });

  test.each([
    [1, 1],
    [2, 1],
    [101, 1],
    [102, 2],
    [150, 2],
  ])('versionTime %i s after the start is version %i', async (offset, version) => {
    const { didDocumentMetadata } = await resolver.resolve(alice.did, { versionTime: at(offset) });
    expect(didDocumentMetadata.versionId?.split('-')[0]).toBe(String(version));
  });

  test('a time before creation is NOT_FOUND, one in the future INVALID_OPTIONS', async () => {
    expect(await errorOf(alice.did, { versionTime: at(0) })).toBe('NOT_FOUND');
    const now = clock.now() / 1000 - START;
    expect(await errorOf(alice.did, { versionTime: at(now) })).toBeUndefined();
    expect(await errorOf(alice.did, { versionTime: at(now + 1) })).toBe('INVALID_OPTIONS');
  });

  test('versionId and versionTime exclude each other', async () => {
    const versionId = formatVersionId(1, operations.create.id);
    expect(await errorOf(alice.did, { versionId, versionTime: at(1) })).toBe('INVALID_OPTIONS');
  });

  test.each([
    '1',
    '1-',
    'x',
    '',
    '0-zQmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
    `${formatVersionId(1, operations.create.id)} `,
  ])('a malformed versionId %j is INVALID_OPTIONS', async (versionId) => {
    expect(await errorOf(alice.did, { versionId })).toBe('INVALID_OPTIONS');
  });

  test('a version that is not of this DID is NOT_FOUND', async () => {
    for (const versionId of [
      formatVersionId(3, operations.update.id),
      formatVersionId(1, operations.update.id),
      formatVersionId(1, operations.goneCreate.id),
    ]) {
      expect(await errorOf(alice.did, { versionId })).toBe('NOT_FOUND');
    }
  });

  test.each([
    '2027-01-15',
    '2027-01-15T08:00:00',
    '2027-01-15T08:00:00.5Z',
    '2027-01-15T08:00:00+08:00',
    '2027-02-30T00:00:00Z',
    '2027-01-15T24:00:00Z',
    '2027-01-15t08:00:00z',
    '',
  ])('versionTime %j is INVALID_OPTIONS', async (versionTime) => {
    expect(await errorOf(alice.did, { versionTime })).toBe('INVALID_OPTIONS');
  });

  test.each([
    ['did:mno:test:zQm', 'INVALID_DID'],
    ['did:mno:', 'INVALID_DID'],
    ['', 'INVALID_DID'],
    [`${alice.did}#key-1`, 'INVALID_DID'],
    [`${alice.did}?versionId=1`, 'INVALID_DID'],
    ['did:web:example.com', 'METHOD_NOT_SUPPORTED'],
    [party('history-unknown').did, 'NOT_FOUND'],
    [alice.did.replace(':test:', ':other:'), 'NOT_FOUND'],
    [alice.did.replace(':test:', ':'), 'NOT_FOUND'],
  ])('%s is %s', async (did, error) => {
    expect(await errorOf(did)).toBe(error);
  });

  test('an unknown option is FEATURE_NOT_SUPPORTED', async () => {
    expect(await errorOf(alice.did, { service: 'issuer' } as never)).toBe('FEATURE_NOT_SUPPORTED');
  });

  test('a deactivated DID has no document, and no error', async () => {
    expect(await resolver.resolve(gone.did)).toEqual({
      didResolutionMetadata: {},
      didDocument: null,
      didDocumentMetadata: {
        created: at(103),
        updated: at(205),
        deactivated: true,
        versionId: formatVersionId(3, operations.end.id),
        lastVersionId: formatVersionId(2, operations.goneUpdate.id),
      },
    });
  });

  test('its past can be read, marked as deactivated', async () => {
    const versionId = formatVersionId(2, operations.goneUpdate.id);
    for (const options of [{ versionId }, { versionTime: at(204) }]) {
      const { didDocument, didDocumentMetadata } = await resolver.resolve(gone.did, options);
      expect(didDocument).toEqual(gone.document);
      expect(didDocumentMetadata).toMatchObject({ deactivated: true, versionId, nextUpdate: at(205) });
    }
    expect((await resolver.resolve(gone.did, { versionTime: at(205) })).didDocument).toBeNull();
  });

  test('an erased document is NOT_FOUND, the other versions stay', async () => {
    const history = await ledgerWithHistory();
    history.ledger.attachments.delete(toHex(history.operations.update.id));
    const { didResolutionMetadata } = await history.resolver.resolve(alice.did);
    expect(didResolutionMetadata).toEqual({
      error: 'NOT_FOUND',
      message: 'the document of this version was erased',
    });
    const versionId = formatVersionId(1, operations.create.id);
    expect((await history.resolver.resolve(alice.did, { versionId })).didDocument).toEqual(alice.document);
  });

  test('anything unexpected is INTERNAL_ERROR and says nothing', async () => {
    const broken = createLedgerResolver({
      ...{ network: 'test', head: () => ledger.head(), attachment: () => undefined },
      state: () => {
        throw new Error('disk /var/lib on fire');
      },
    });
    expect(await broken.resolve(alice.did)).toEqual({
      didResolutionMetadata: { error: 'INTERNAL_ERROR' },
      didDocument: null,
      didDocumentMetadata: {},
    });
  });
});
