import type { HttpRequest } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { formatVersionId, resolverRoutes } from '../../src/index.ts';
import { createHttpResolver } from '../../src/verify/index.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { party } from '../fakes/party.ts';

const { alice, gone, operations, resolver } = await ledgerWithHistory();
const [route] = resolverRoutes(resolver);
const urls: string[] = [];

/** Our own endpoint behind fetch, with no network between. */
const nodeFetch: typeof fetch = async (input, init) => {
  const url = new URL(String(input));
  urls.push(String(input));
  const request: HttpRequest = {
    method: 'GET',
    url,
    params: { did: decodeURIComponent(url.pathname.replace('/1.0/identifiers/', '')) },
    headers: Object.fromEntries(new Headers(init?.headers)),
    body: new Uint8Array(),
    signal: new AbortController().signal,
  };
  if (route === undefined) throw new Error('no route');
  const response = await route.handle(request);
  return new Response(response.body as string | null, {
    status: response.status,
    headers: response.headers as Record<string, string>,
  });
};

const http = createHttpResolver({ endpoint: 'https://node.example/', fetch: nodeFetch });

describe('createHttpResolver', () => {
  test.each([
    ['an active DID', alice.did, {}],
    ['a version', alice.did, { versionId: formatVersionId(1, operations.create.id) }],
    ['a deactivated DID', gone.did, {}],
    ['the past of a deactivated DID', gone.did, { versionId: formatVersionId(1, operations.goneCreate.id) }],
  ])('answers as the ledger resolver does: %s', async (_, did, options) => {
    expect(await http.resolve(did, options)).toEqual(await resolver.resolve(did, options));
  });

  test.each([
    ['did:mno:x', 'INVALID_DID'],
    ['did:web:a.example', 'METHOD_NOT_SUPPORTED'],
    [party('http-unknown').did, 'NOT_FOUND'],
  ])('%s is %s', async (did, error) => {
    expect((await http.resolve(did)).didResolutionMetadata.error).toBe(error);
  });

  test('what is no DID never becomes part of a URL', async () => {
    urls.length = 0;
    await http.resolve('../../admin');
    await http.resolve(`${alice.did}#key-1`);
    expect(urls).toEqual([]);
  });

  test('accepts a base URL or the full endpoint, and encodes the DID before options', async () => {
    urls.length = 0;
    const full = createHttpResolver({ endpoint: 'https://node.example/1.0/identifiers', fetch: nodeFetch });
    await full.resolve(alice.did);
    await full.resolve(alice.did, { versionTime: '2027-01-15T08:00:01Z' });
    expect(urls).toEqual([
      `https://node.example/1.0/identifiers/${alice.did}`,
      `https://node.example/1.0/identifiers/${encodeURIComponent(alice.did)}?versionTime=2027-01-15T08%3A00%3A01Z`,
    ]);
  });
});

describe('a resolver that answers wrongly is not believed', () => {
  const good = {
    didDocument: alice.document,
    didResolutionMetadata: { contentType: 'application/did' },
    didDocumentMetadata: { created: '2027-01-15T08:00:01Z' },
  };
  const [method] = alice.document.verificationMethod;
  const withDocument = (members: object) => ({ ...good, didDocument: { ...alice.document, ...members } });
  const problem = (type: string) => ({
    ...good,
    didDocument: null,
    didResolutionMetadata: { error: { type } },
  });

  const answering = (body: unknown, init: ResponseInit & { type?: string } = {}) =>
    createHttpResolver({
      endpoint: 'https://node.example',
      fetch: async () =>
        new Response(typeof body === 'string' ? body : JSON.stringify(body), {
          status: init.status ?? 200,
          headers: { 'content-type': init.type ?? 'application/did-resolution' },
        }),
    }).resolve(alice.did);

  test('the same answer unchanged is', async () => {
    expect((await answering(good)).didDocument).toEqual(alice.document);
  });

  test('members it does not know are left out', async () => {
    expect((await answering(withDocument({ assertionMethodX: ['x'] }))).didDocument).toEqual(alice.document);
  });

  test.each<[string, unknown, (ResponseInit & { type?: string })?]>([
    ['another DID', withDocument({ id: party('http-other').did })],
    [
      "another DID's method",
      withDocument({ verificationMethod: [{ ...method, id: `${party('http-other').did}#key-1` }] }),
    ],
    [
      'a method controlled by another',
      withDocument({ verificationMethod: [{ ...method, controller: 'did:web:x' }] }),
    ],
    ['two methods of one id', withDocument({ verificationMethod: [method, method] })],
    ['a relationship to nothing', withDocument({ authentication: [`${alice.did}#key-7`] })],
    ['an embedded method', withDocument({ authentication: [method] })],
    ['a key that is none', withDocument({ verificationMethod: [{ ...method, publicKeyMultibase: 'zzz' }] })],
    ['a method of another type', withDocument({ verificationMethod: [{ ...method, type: 'JsonWebKey' }] })],
    ['neither document nor reason', { ...good, didDocument: null }],
    [
      'an error with a document',
      { ...problem('https://www.w3.org/ns/did#NOT_FOUND'), didDocument: alice.document },
      { status: 404 },
    ],
    ['an error of another vocabulary', problem('https://example.com/errors#NOT_FOUND'), { status: 404 }],
    ['an error named like a built-in', problem('https://www.w3.org/ns/did#constructor'), { status: 500 }],
    ['a status that disagrees', good, { status: 410 }],
    ['a status of success for an error', problem('https://www.w3.org/ns/did#NOT_FOUND')],
    ['another media type', good, { type: 'application/json' }],
    ['a date that is none', { ...good, didDocumentMetadata: { created: 'yesterday' } }],
    ['no JSON', '{'],
    ['a list', []],
    ['more than 256 KiB', JSON.stringify(good) + ' '.repeat(262_144)],
  ])('%s', async (_, body, init) => {
    const { didResolutionMetadata, didDocument } = await answering(body, init);
    expect([didResolutionMetadata.error, didDocument]).toEqual(['INTERNAL_ERROR', null]);
  });

  test('another version than asked for', async () => {
    const stubborn = createHttpResolver({
      endpoint: 'https://node.example',
      fetch: (input, init) => nodeFetch(String(input).replace(/\?.*/, ''), init),
    });
    const { didResolutionMetadata } = await stubborn.resolve(alice.did, {
      versionId: formatVersionId(1, operations.create.id),
    });
    expect(didResolutionMetadata.error).toBe('INTERNAL_ERROR');
  });

  test('no answer', async () => {
    const dead = createHttpResolver({
      endpoint: 'https://node.example',
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    });
    expect((await dead.resolve(alice.did)).didResolutionMetadata.error).toBe('INTERNAL_ERROR');
  });
});
