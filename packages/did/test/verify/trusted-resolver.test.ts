import { createCheckpointCache } from '@attestel/proof';
import { afterAll, describe, expect, test } from 'vitest';
import type { DidResolver } from '../../src/index.ts';
import { createHttpResolver } from '../../src/verify/index.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { policyOf, provenLedger } from '../fakes/proven-ledger.ts';
import { servedNode } from '../fakes/served-node.ts';

const world = await provenLedger();
const { ledger, alice, gone, stranger, resolver, seconds } = world;
afterAll(() => ledger.close());

const nodeOf = (source: DidResolver, change?: (text: string) => string) =>
  servedNode(ledger, source, change && { change });

const trustIn = (policy = world.policy) => ({
  policy,
  crypto: world.trust().crypto,
  cache: createCheckpointCache(),
  now: () => seconds.now,
  maxAgeSeconds: 60,
});
const endpoint = 'https://node.example';

describe('createHttpResolver with a policy', () => {
  test('verifies every answer, and fetches a checkpoint once', async () => {
    const { asked, fetch } = nodeOf(resolver);
    const trusting = createHttpResolver({ endpoint, fetch, trust: trustIn() });
    expect((await trusting.resolve(alice.did)).didDocument?.id).toBe(alice.did);
    expect((await trusting.resolve(gone.did)).didDocumentMetadata.deactivated).toBe(true);
    expect((await trusting.resolve(stranger.did)).didResolutionMetadata.error).toBe('NOT_FOUND');
    expect(asked).toEqual(['resolve', 'checkpoint', 'resolve', 'resolve']);
  });

  test('asks for the proof also where the caller could do without', async () => {
    const { asked, fetch } = nodeOf(resolver);
    await createHttpResolver({ endpoint, fetch, trust: trustIn() }).resolve(alice.did, { receipt: 'none' });
    expect(asked[0]).toBe('resolve');
  });

  test.each([
    ['no proof', 'proof_missing', (text: string) => text.replace('"proof":', '"other":')],
    [
      'another endpoint in the document',
      'document_mismatch',
      (text: string) => text.replaceAll('.example"', '.evil"'),
    ],
  ])('throws for an answer with %s', async (_, code, change) => {
    const { fetch } = nodeOf(resolver, change);
    const trusting = createHttpResolver({ endpoint, fetch, trust: trustIn() });
    await expect(trusting.resolve(alice.did)).rejects.toMatchObject({ kind: 'proof-failed', code });
  });

  test('throws when other witnesses count', async () => {
    const trust = trustIn(policyOf('ledger.example/test', ['strange'], 1));
    const trusting = createHttpResolver({ endpoint, fetch: nodeOf(resolver).fetch, trust });
    await expect(trusting.resolve(alice.did)).rejects.toMatchObject({ code: 'quorum_not_met' });
  });

  test('refuses a node that has no proofs', async () => {
    const unproven = await ledgerWithHistory();
    const { fetch } = nodeOf(unproven.resolver);
    const trusting = createHttpResolver({ endpoint, fetch, trust: trustIn() });
    await expect(trusting.resolve(unproven.alice.did)).rejects.toMatchObject({ code: 'proof_missing' });
  });

  test('says of a node that does not answer only that', async () => {
    const fetch = () => Promise.reject(new TypeError('no network'));
    const trusting = createHttpResolver({ endpoint, fetch, trust: trustIn() });
    expect((await trusting.resolve(alice.did)).didResolutionMetadata.error).toBe('INTERNAL_ERROR');
  });
});

describe('the endpoint', () => {
  const get = async (query: string, accept = 'application/did-resolution') => {
    const { fetch } = nodeOf(resolver);
    const response = await fetch(`${endpoint}/1.0/identifiers/${encodeURIComponent(alice.did)}${query}`, {
      headers: { accept },
    });
    return { status: response.status, body: await response.json() };
  };

  test.each([
    ['', 0],
    ['?receipt=path', 0],
    ['?receipt=full', 1],
  ])('%s brings a proof', async (query, form) => {
    const { receipts } = (await get(query)).body.didDocumentMetadata.proof[0];
    expect(Buffer.from(receipts[0], 'base64url')[2]).toBe(form);
  });

  test('brings none when told so, and none beside a bare document', async () => {
    expect((await get('?receipt=none')).body.didDocumentMetadata.proof).toBeUndefined();
    expect((await get('', 'application/did')).body.proof).toBeUndefined();
  });

  test.each([
    ['?receipt=all', 400],
    ['?receipt=path&receipt=full', 400],
    ['?receipts=path', 501],
  ])('%s is refused', async (query, status) => {
    expect((await get(query)).status).toBe(status);
  });

  test('says that it cannot prove, when asked to', async () => {
    const { fetch } = nodeOf((await ledgerWithHistory()).resolver);
    const headers = { accept: 'application/did-resolution' };
    const at = `${endpoint}/1.0/identifiers/${encodeURIComponent(alice.did)}`;
    expect((await fetch(`${at}?receipt=full`, { headers })).status).toBe(501);
    expect((await fetch(at, { headers })).status).toBe(404);
  });
});
