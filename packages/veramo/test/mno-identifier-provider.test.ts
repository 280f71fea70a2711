import { multikeyFromText } from '@attestel/core';
import type { IIdentifier } from '@veramo/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { type TestAgent, testAgent } from './agent.ts';

let own: TestAgent;
let identifier: IIdentifier;
const documentOf = async (did = identifier.did) => (await own.agent.resolveDid({ didUrl: did })).didDocument;
const versionOf = async () =>
  Number(
    (await own.agent.resolveDid({ didUrl: identifier.did })).didDocumentMetadata.versionId?.split('-')[0],
  );
const refused = (code: string) => expect.objectContaining({ code });

const service = { id: '#hub', type: 'LinkedDomains', serviceEndpoint: 'https://hub.example/' };

beforeEach(async () => {
  own = testAgent();
  identifier = await own.agent.didManagerCreate({ alias: 'me' });
});

describe('creating a did:mno with a Veramo agent', () => {
  test('puts it on the ledger with a verification key of the key manager', async () => {
    const { did, keys, provider } = identifier;
    expect([provider, keys.length]).toEqual(['did:mno', 1]);
    expect(await documentOf()).toMatchObject({
      id: did,
      verificationMethod: [{ type: 'Multikey', controller: did }],
      assertionMethod: [expect.stringMatching(/#z/)],
      authentication: [expect.stringMatching(/#z/)],
    });
    expect(await own.agent.didManagerGet({ did })).toEqual(identifier);
  });

  test.each(['Ed25519', 'Secp256r1'] as const)(
    'takes %s keys, and the document holds just that key',
    async (keyType) => {
      const made = await own.agent.didManagerCreate({ options: { keyType } });
      expect(made.keys[0]?.type).toBe(keyType);
      const text = (await documentOf(made.did))?.verificationMethod?.[0]?.publicKeyMultibase as string;
      expect(Buffer.from(multikeyFromText(text).slice(2)).toString('hex')).toBe(made.keys[0]?.publicKeyHex);
    },
  );

  test('can name services from the start', async () => {
    const made = await own.agent.didManagerCreate({ options: { services: [service] } });
    expect((await documentOf(made.did))?.service).toEqual([{ ...service, id: `${made.did}#hub` }]);
    expect(made.services).toEqual([service]);
  });

  test('keeps control keys out of the agent: not in the identifier, not in the key manager', async () => {
    const control = await own.keyStore.list();
    expect(control.map(({ purpose }) => purpose)).toEqual(['did-control', 'did-control']);
    for (const { ref } of control) {
      const x = (await own.keyStore.publicJwk(ref)).x ?? '';
      const hex = Buffer.from(x, 'base64url').toString('hex');
      expect(identifier.keys.map((key) => key.publicKeyHex)).not.toContain(hex);
      await expect(own.agent.keyManagerGet({ kid: hex })).rejects.toThrow();
      await expect(own.agent.keyManagerGet({ kid: ref })).rejects.toThrow();
    }
  });

  test.each([
    [{ keyType: 'Secp256k1' }, 'key_unsupported'],
    [{ keyTypo: 'Ed25519' }, 'option_unknown'],
    [{ services: [{ ...service, serviceEndpoint: { origins: [] } }] }, 'service_unsupported'],
    [{ services: [{ ...service, id: 'did:mno:test:other#hub' }] }, 'service_unsupported'],
    [{ services: [{ ...service, serviceEndpoint: 'tel:+10' }] }, 'invalid_document'],
  ])('refuses %j', async (options, code) => {
    await expect(own.agent.didManagerCreate({ options })).rejects.toThrow(refused(code));
    expect(own.kinds).toEqual(['create']);
  });
});

describe('changing a did:mno with a Veramo agent', () => {
  const newKey = (type: 'Ed25519' | 'Secp256r1' | 'X25519' = 'Ed25519') =>
    own.agent.keyManagerCreate({ kms: 'local', type });

  test('adds and removes keys', async () => {
    const key = await newKey();
    const { id } = await own.agent.didManagerAddKey({ did: identifier.did, key });
    expect((await documentOf())?.assertionMethod).toContain(id);
    expect((await own.agent.didManagerGet({ did: identifier.did })).keys).toHaveLength(2);
    await own.agent.didManagerRemoveKey({ did: identifier.did, kid: key.kid });
    expect((await documentOf())?.verificationMethod).toHaveLength(1);
    expect((await own.agent.didManagerGet({ did: identifier.did })).keys).toHaveLength(1);
    expect([await versionOf(), own.kinds]).toEqual([3, ['create', 'update', 'update']]);
  });

  test('gives a key the relationships asked for, and no others', async () => {
    const key = await newKey('Secp256r1');
    const options = { relationships: ['capabilityDelegation'] };
    const { id } = await own.agent.didManagerAddKey({ did: identifier.did, key, options });
    const document = await documentOf();
    expect(document?.capabilityDelegation).toEqual([id]);
    expect(document?.assertionMethod).not.toContain(id);
    const ledgerKey = {
      did: identifier.did,
      key: await newKey(),
      options: { relationships: ['capabilityInvocation'] },
    };
    await expect(own.agent.didManagerAddKey(ledgerKey)).rejects.toThrow(refused('option_unknown'));
  });

  test('adds and removes services', async () => {
    await own.agent.didManagerAddService({ did: identifier.did, service });
    expect((await documentOf())?.service).toEqual([{ ...service, id: `${identifier.did}#hub` }]);
    await own.agent.didManagerRemoveService({ did: identifier.did, id: service.id });
    expect((await documentOf())?.service).toBeUndefined();
  });

  test('replaces services and other names at once', async () => {
    const document = { service: [service], alsoKnownAs: ['https://me.example/'] };
    const updated = await own.agent.didManagerUpdate({ did: identifier.did, document });
    expect(updated.services).toEqual([service]);
    expect(await documentOf()).toMatchObject({
      alsoKnownAs: ['https://me.example/'],
      service: [{ type: service.type }],
    });
    expect((await documentOf())?.verificationMethod).toHaveLength(1);
  });

  test('rotates the control key with the document untouched', async () => {
    const before = await documentOf();
    await own.provider.rotate(identifier);
    expect([await versionOf(), own.kinds.at(-1)]).toEqual([2, 'rotate']);
    expect(await documentOf()).toEqual(before);
    await own.agent.didManagerAddService({ did: identifier.did, service });
    expect(await versionOf()).toBe(3);
  });

  test('goes on where an attempt ended whose outcome nobody learned', async () => {
    const submit = own.ledger.submit.bind(own.ledger);
    for (const executed of [false, true]) {
      own.ledger.submit = (operation) => {
        if (executed) submit(operation);
        throw new Error('connection lost');
      };
      await expect(own.provider.rotate(identifier)).rejects.toThrow('connection lost');
    }
    own.ledger.submit = submit;
    await own.agent.didManagerAddService({ did: identifier.did, service });
    expect(await versionOf()).toBe(3);
  });

  test.each([
    [
      'a key that is not in the document',
      () => own.agent.didManagerRemoveKey({ did: identifier.did, kid: 'none' }),
      'key_unknown',
    ],
    [
      'a service that is not there',
      () => own.agent.didManagerRemoveService({ did: identifier.did, id: '#none' }),
      'service_unknown',
    ],
    [
      'a service without one URL',
      () =>
        own.agent.didManagerAddService({ did: identifier.did, service: { ...service, serviceEndpoint: [] } }),
      'service_unsupported',
    ],
    [
      'a key that cannot sign',
      async () => own.agent.didManagerAddKey({ did: identifier.did, key: await newKey('X25519') }),
      'key_unsupported',
    ],
    [
      'verification methods as a whole',
      () => own.agent.didManagerUpdate({ did: identifier.did, document: { verificationMethod: [] } }),
      'option_unknown',
    ],
    [
      'a document of another DID',
      () =>
        own.agent.didManagerUpdate({
          did: identifier.did,
          document: { id: 'did:mno:other', alsoKnownAs: ['https://example.com'] },
        }),
      'option_unknown',
    ],
    [
      'an option it does not know',
      () => own.agent.didManagerAddService({ did: identifier.did, service, options: { gas: 1 } }),
      'option_unknown',
    ],
  ])('refuses %s, and the ledger hears nothing', async (_, attempt, code) => {
    await expect(attempt()).rejects.toThrow(refused(code));
    expect(own.kinds).toEqual(['create']);
  });

  test('is refused to who does not hold the control keys', async () => {
    const stranger = testAgent(own.ledger);
    await expect(stranger.provider.rotate(identifier)).rejects.toThrow(refused('control_key_missing'));
    await expect(stranger.provider.rotate({ did: identifier.did })).rejects.toThrow(
      refused('control_key_missing'),
    );
    expect(await versionOf()).toBe(1);
  });
});

describe('deleting a did:mno with a Veramo agent', () => {
  test('deactivates it for ever and deletes its keys', async () => {
    const { did } = identifier;
    await own.agent.didManagerDelete({ did });
    const { didDocument, didDocumentMetadata } = await own.agent.resolveDid({ didUrl: did });
    expect([didDocument, didDocumentMetadata.deactivated]).toEqual([null, true]);
    await expect(own.agent.keyManagerGet({ kid: identifier.keys[0]?.kid as string })).rejects.toThrow();
    await expect(own.provider.rotate(identifier)).rejects.toThrow(refused('did_deactivated'));
  });

  test('can be repeated when the agent forgot that it was done', async () => {
    await own.agent.didManagerDelete({ did: identifier.did });
    await own.agent.didManagerImport({ ...identifier, keys: [], provider: 'did:mno' });
    await expect(own.agent.didManagerDelete({ did: identifier.did })).resolves.toBe(true);
    expect(own.kinds).toEqual(['create', 'deactivate']);
  });
});

test('the provider says which DIDs are its', () => {
  for (const did of ['did:mno', 'did:mno:zQm', 'did:mno:test:zQm'])
    expect(own.provider.matchPrefix(did)).toBe(true);
  for (const did of ['did:key', 'did:mnox', 'did:mn']) expect(own.provider.matchPrefix(did)).toBe(false);
});
