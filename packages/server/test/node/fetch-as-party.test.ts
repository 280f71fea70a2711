import type { Signer } from '@attestel/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FetchAsPartyPorts, fetchAsParty } from '../../src/node/fetch-as-party.ts';

const signer: Signer = {
  algorithm: 'EdDSA',
  publicKey: new Uint8Array(34),
  sign: async () => new Uint8Array(64),
};
const identity = { did: 'did:example:a', kid: 'did:example:a#k', assertionKey: 'k' };
const partyWith = (made: object | undefined): FetchAsPartyPorts['party'] => ({
  identity: () => made as never,
  keyStore: { signer: async () => signer } as never,
});

/** Servers that want a token, and what they were asked. */
function servers(wanting: readonly string[]) {
  const asked: string[] = [];
  const get: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const token = new Headers(init?.headers).get('authorization');
    asked.push(`${url.hostname} ${token === null ? 'plain' : 'token'}`);
    return new Response('', { status: wanting.includes(url.hostname) && token === null ? 403 : 200 });
  };
  return { asked, get };
}

const error = vi.fn();
const logger = { error };
beforeEach(() => error.mockReset());

describe('asking as a party', () => {
  it('shows a token only to servers that want one, and remembers which', async () => {
    const { asked, get } = servers(['closed.example']);
    const ask = fetchAsParty({
      fetch: get,
      party: partyWith(identity),
      clock: { now: () => 1_700_000_000_000 },
      logger,
    });
    for (const host of ['open', 'closed', 'closed', 'open']) {
      expect((await ask(`https://${host}.example/x`)).status).toBe(200);
    }
    expect(asked).toEqual([
      'open.example plain',
      'closed.example plain',
      'closed.example token',
      'closed.example token',
      'open.example plain',
    ]);
    expect(error).not.toHaveBeenCalled();
  });

  it('says once that a server gives nothing to the party either, and again when it stops giving', async () => {
    const answers = [403, 403, 403, 200, 404, 401];
    const ask = fetchAsParty({
      fetch: async () => new Response('', { status: answers.shift() ?? 500 }),
      party: partyWith(identity),
      clock: { now: () => 1_700_000_000_000 },
      logger,
    });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await ask('https://closed.example/x')).status);
    expect(statuses).toEqual([403, 403, 200, 404, 401]);
    const told = (status: number) => [
      'log_withheld',
      { node: 'https://closed.example', status, party: identity.did },
    ];
    expect(error.mock.calls).toEqual([told(403), told(401)]);
  });

  it('asks as nobody while the party has no DID', async () => {
    const { asked, get } = servers(['closed.example']);
    const ask = fetchAsParty({ fetch: get, party: partyWith(undefined), clock: { now: () => 0 }, logger });
    expect((await ask('https://closed.example/x')).status).toBe(403);
    expect(asked).toEqual(['closed.example plain', 'closed.example plain']);
    expect(error.mock.calls).toMatchObject([['log_withheld', { party: 'has no DID' }]]);
  });
});
