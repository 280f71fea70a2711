import type { Signer } from '@attestel/core';
import { describe, expect, it } from 'vitest';
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

describe('asking as a party', () => {
  it('shows a token only to servers that want one, and remembers which', async () => {
    const { asked, get } = servers(['closed.example']);
    const ask = fetchAsParty({
      fetch: get,
      party: partyWith(identity),
      clock: { now: () => 1_700_000_000_000 },
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
  });

  it('asks as nobody while the party has no DID', async () => {
    const { asked, get } = servers(['closed.example']);
    const ask = fetchAsParty({ fetch: get, party: partyWith(undefined), clock: { now: () => 0 } });
    expect((await ask('https://closed.example/x')).status).toBe(403);
    expect(asked).toEqual(['closed.example plain', 'closed.example plain']);
  });
});
