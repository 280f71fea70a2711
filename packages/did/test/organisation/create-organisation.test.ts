import { createMemoryKeyStore } from '@attestel/keystore';
import { describe, expect, test } from 'vitest';
import { createLedgerResolver, createOrganisation, verificationKey } from '../../src/index.ts';
import { FakeLedger } from '../fakes/ledger.ts';
import { seededRandom } from '../fakes/seeded.ts';

const make = async (keyStore = createMemoryKeyStore(), seed = 'org') => {
  const organisation = await createOrganisation({
    keyStore,
    network: 'test',
    prefix: 'operator-a',
    services: [{ fragment: 'issuer', type: 'CredentialIssuer', serviceEndpoint: 'http://localhost:4101' }],
    random: seededRandom(seed),
    notAfter: 1_800_000_900,
  });
  return { keyStore, organisation };
};

describe('createOrganisation', () => {
  test('makes keys with one purpose each and a DID that names them', async () => {
    const { keyStore, organisation } = await make();
    const { refs, did, document, kid } = organisation;
    expect(refs).toEqual({
      control: 'operator-a/control-1',
      nextControl: 'operator-a/control-2',
      ledger: 'operator-a/ledger-1',
      key: 'operator-a/key-1',
    });
    const purposes = new Map((await keyStore.list()).map((info) => [info.ref, info.purpose]));
    expect(Object.fromEntries(purposes)).toEqual({
      'operator-a/control-1': 'did-control',
      'operator-a/control-2': 'did-control',
      'operator-a/ledger-1': 'ledger',
      'operator-a/key-1': 'assertion',
    });
    expect(kid).toBe(`${did}#key-1`);
    expect(document.id).toBe(did);
    const key = await keyStore.signer(refs.key);
    for (const relationship of ['assertionMethod', 'authentication'] as const) {
      expect(verificationKey(document, kid, relationship)).toEqual(key.publicKey);
    }
    const ledgerKey = await keyStore.signer(refs.ledger);
    expect(verificationKey(document, `${did}#ledger-1`, 'capabilityInvocation')).toEqual(ledgerKey.publicKey);
  });

  test('its operation anchors the DID', async () => {
    const { organisation } = await make();
    const ledger = new FakeLedger();
    ledger.submit(organisation.operation);
    const { didDocument } = await createLedgerResolver(ledger).resolve(organisation.did);
    expect(didDocument).toEqual(organisation.document);
  });

  test('takes keys that an interrupted set-up left, and makes another DID', async () => {
    const first = await make();
    const second = await make(first.keyStore, 'again');
    expect(await first.keyStore.list()).toHaveLength(4);
    expect(second.organisation.did).not.toBe(first.organisation.did);
  });

  test('refuses a key of another purpose under its names', async () => {
    const keyStore = createMemoryKeyStore();
    await keyStore.generate({ ref: 'operator-a/key-1', purpose: 'holder', algorithm: 'ES256' });
    await expect(make(keyStore)).rejects.toThrow(TypeError);
  });
});
