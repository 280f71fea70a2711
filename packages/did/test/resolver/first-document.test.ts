import { describe, expect, it } from 'vitest';
import { firstDocument } from '../../src/index.ts';
import { ledgerWithHistory } from '../fakes/history.ts';

const { ledger, alice, gone, operations, resolver } = await ledgerWithHistory();

describe('the first document of a DID', () => {
  it('is that of its creation, whatever was changed since', async () => {
    const first = firstDocument(ledger, alice.did);
    expect(first?.operation).not.toEqual(operations.update.id);
    const { didDocument } = await resolver.resolve(alice.did, { versionTime: '2027-01-15T08:00:01Z' });
    expect(didDocument?.id).toBe(alice.did);
    expect(first?.document).toEqual(didDocument);
    expect(firstDocument(ledger, gone.did)?.document.id).toBe(gone.did);
  });

  it('is none of a DID that is not there, and none once it was erased', () => {
    expect(firstDocument(ledger, `${alice.did.slice(0, -1)}x`)).toBeUndefined();
    const erased = { state: (module: string) => ledger.state(module), attachment: () => undefined };
    expect(firstDocument(erased, alice.did)).toBeUndefined();
  });
});
