import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedgerResolver, formatVersionId } from '../../src/index.ts';
import { provenLedger } from '../fakes/proven-ledger.ts';

describe('answers kept by the resolver', () => {
  let world: Awaited<ReturnType<typeof provenLedger>>;
  beforeAll(async () => {
    world = await provenLedger('kept');
  });
  afterAll(() => world.ledger.close());

  test('are those of the same question: form, version and DID', async () => {
    const { resolver, alice, gone } = world;
    const path = await resolver.resolve(alice.did, { receipt: 'path' });
    expect(await resolver.resolve(alice.did, { receipt: 'path' })).toBe(path);
    expect(await resolver.resolve(alice.did, { receipt: 'full' })).not.toEqual(path);
    expect((await resolver.resolve(gone.did, { receipt: 'path' })).didDocument).toBeNull();
    const { versionId = '' } = path.didDocumentMetadata;
    expect((await resolver.resolve(alice.did, { receipt: 'path', versionId })).didDocument).toEqual(
      path.didDocument,
    );
  });

  test('end with the checkpoint they are of', async () => {
    const { resolver, ledger, seconds, stranger } = world;
    const before = await resolver.resolve(stranger.did, { receipt: 'path' });
    expect(before.didResolutionMetadata.error).toBe('NOT_FOUND');
    seconds.now += 10;
    await ledger.submit([await stranger.create()]);
    const after = await resolver.resolve(stranger.did, { receipt: 'path' });
    expect(after.didDocument?.id).toBe(stranger.did);
  });

  test('end when the document is erased, and the signed history stays', async () => {
    const { ledger, alice } = world;
    let erased = false;
    const attachment: typeof ledger.attachment = (id) => (erased ? undefined : ledger.attachment(id));
    const resolver = createLedgerResolver({ ...ledger, attachment });
    for (const receipt of ['none', 'path'] as const) {
      erased = false;
      expect((await resolver.resolve(alice.did, { receipt })).didDocument?.id).toBe(alice.did);
      erased = true;
      expect((await resolver.resolve(alice.did, { receipt })).didResolutionMetadata).toMatchObject({
        error: 'NOT_FOUND',
        message: 'the document of this version was erased',
      });
    }
  });

  test('a document that is not the one committed to is not given out, whatever bytes the store has', async () => {
    const { ledger, alice, gone, operations } = world;
    const others = ledger.attachment(operations.goneTwo.id);
    expect(others).toBeDefined();
    const resolver = createLedgerResolver({ ...ledger, attachment: () => others });
    for (const receipt of ['none', 'path'] as const) {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(alice.did, { receipt });
      expect([didDocument, didResolutionMetadata.error]).toEqual([null, 'INTERNAL_ERROR']);
    }
    const asked = { versionId: formatVersionId(2, operations.goneTwo.id) };
    expect((await resolver.resolve(gone.did, asked)).didDocument?.id).toBe(gone.did);
  });
});
