import type { HttpRequest, HttpResponse } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { formatVersionId, resolverRoutes } from '../../src/index.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { party } from '../fakes/party.ts';

const { alice, gone, operations, resolver } = await ledgerWithHistory();
const [route] = resolverRoutes(resolver);
const RESULT = 'application/did-resolution';
const RESULT_1_0 = 'application/ld+json;profile="https://w3id.org/did-resolution"';

async function get(did: string, { query = '', accept }: { query?: string; accept?: string } = {}) {
  if (route === undefined) throw new Error('no route');
  const request: HttpRequest = {
    method: 'GET',
    url: new URL(`https://node.example/1.0/identifiers/${encodeURIComponent(did)}${query}`),
    params: { did },
    headers: { accept },
    body: new Uint8Array(),
    signal: new AbortController().signal,
  };
  const response: HttpResponse = await route.handle(request);
  const body = response.body ? JSON.parse(String(response.body)) : null;
  return { status: response.status, type: response.headers?.['content-type'], body };
}

describe('GET /1.0/identifiers (DID Resolution v1 §12.1)', () => {
  test('is public to browsers and keeps the path of the Universal Resolver', () => {
    expect(route).toMatchObject({ method: 'GET', path: '/1.0/identifiers/*did', cors: true });
  });

  test.each([
    [undefined, 'application/did'],
    ['', 'application/did'],
    ['*/*', 'application/did'],
    ['application/did', 'application/did'],
    ['application/json', 'application/json'],
    ['application/did+json', 'application/did+json'],
    ['application/did+ld+json', 'application/did+ld+json'],
    ['application/ld+json', 'application/ld+json'],
    ['application/json+ld', 'application/ld+json'],
    ['text/html, application/json;q=0.5, application/did;q=0.9', 'application/did'],
    ['text/html,*/*;q=0.1', 'application/did'],
  ])('Accept %j gives the document as %s', async (accept, type) => {
    const answer = await get(alice.did, accept === undefined ? {} : { accept });
    expect(answer).toEqual({ status: 200, type, body: alice.document });
  });

  test('application/did-resolution gives the whole result', async () => {
    const answer = await get(alice.did, { accept: RESULT });
    expect(answer).toMatchObject({
      status: 200,
      type: RESULT,
      body: {
        didDocument: alice.document,
        didResolutionMetadata: { contentType: 'application/did' },
        didDocumentMetadata: { versionId: formatVersionId(2, operations.update.id) },
      },
    });
  });

  test('the media type of DID Core 1.0 gives its view', async () => {
    const { type, body } = await get(alice.did, { accept: RESULT_1_0 });
    expect(type).toBe(RESULT_1_0);
    expect(body.didDocument['@context'][0]).toBe('https://www.w3.org/ns/did/v1');
    const missing = await get(party('endpoint-unknown').did, { accept: RESULT_1_0 });
    expect(missing).toMatchObject({ status: 404, body: { didResolutionMetadata: { error: 'notFound' } } });
  });

  test.each(['text/html', 'application/xml', 'application/did;q=0', 'application/did-url-dereferencing'])(
    'Accept %s is 406',
    async (accept) => {
      expect(await get(alice.did, { accept })).toMatchObject({
        status: 406,
        type: 'application/problem+json',
        body: { type: 'https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED' },
      });
    },
  );

  test.each([
    ['did:mno:x', '', 400, 'INVALID_DID'],
    [`${alice.did}#key-1`, '', 400, 'INVALID_DID'],
    [`${alice.did}%23key-1`, '', 400, 'INVALID_DID'],
    ['../../etc/passwd', '', 400, 'INVALID_DID'],
    [alice.did, '?versionId=1', 400, 'INVALID_OPTIONS'],
    [alice.did, '?versionTime=tomorrow', 400, 'INVALID_OPTIONS'],
    [alice.did, '?noCache=yes', 400, 'INVALID_OPTIONS'],
    [alice.did, '?versionTime=2027-01-15T08:00:01Z&versionTime=2027-01-15T08:00:01Z', 400, 'INVALID_DID_URL'],
    [alice.did, '?noCache=true&noCache=false', 400, 'INVALID_DID_URL'],
    [alice.did, '?service=issuer', 501, 'FEATURE_NOT_SUPPORTED'],
    [alice.did, '?accept=application/did', 501, 'FEATURE_NOT_SUPPORTED'],
    [alice.did, '?__proto__=1', 501, 'FEATURE_NOT_SUPPORTED'],
    ['did:web:example.com', '', 501, 'METHOD_NOT_SUPPORTED'],
    [party('endpoint-unknown').did, '', 404, 'NOT_FOUND'],
  ])('%s%s is %i %s, as RFC 9457 object in both forms', async (did, query, status, error) => {
    const type = `https://www.w3.org/ns/did#${error}`;
    const bare = await get(did, { query });
    expect(bare).toMatchObject({ status, type: 'application/problem+json', body: { type, status } });
    const full = await get(did, { query, accept: RESULT });
    expect(full).toMatchObject({ status, type: RESULT });
    expect(full.body).toEqual({
      didDocument: null,
      didResolutionMetadata: { error: expect.objectContaining({ type, title: expect.any(String) }) },
      didDocumentMetadata: {},
    });
    expect(JSON.stringify(full.body)).not.toContain('passwd');
  });

  test('versionId selects; noCache and expandRelativeUrls are honoured as they are', async () => {
    const versionId = formatVersionId(1, operations.create.id);
    const query = `?versionId=${versionId}&noCache=true&expandRelativeUrls=true`;
    const { status, body } = await get(alice.did, { query, accept: RESULT });
    expect([status, body.didDocumentMetadata.versionId]).toEqual([200, versionId]);
  });

  test('a deactivated DID is 410: null at the head, the document in its past', async () => {
    expect(await get(gone.did)).toEqual({ status: 410, type: undefined, body: null });
    expect(await get(gone.did, { accept: RESULT })).toMatchObject({
      status: 410,
      body: { didDocument: null, didDocumentMetadata: { deactivated: true } },
    });
    const query = `?versionId=${formatVersionId(1, operations.goneCreate.id)}`;
    expect(await get(gone.did, { query })).toMatchObject({ status: 410, body: gone.document });
  });
});
