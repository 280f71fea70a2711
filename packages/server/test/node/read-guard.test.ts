import type { HttpRequest } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { createReadGuard } from '../../src/node/read-guard.ts';

const request = (authorization?: string): HttpRequest => ({
  method: 'GET',
  url: new URL('https://node.example/v1/ledger/entries'),
  params: {},
  headers: authorization === undefined ? {} : { authorization },
  body: new Uint8Array(),
  signal: new AbortController().signal,
});

function guardOf(active: Set<string>) {
  return createReadGuard({
    channels: { isReadable: (ns, did) => ns === 'main' || did === 'did:reader' },
    registry: { member: (did) => ({ status: active.has(did) ? 'active' : 'suspended' }) as never },
    authenticate: async ({ headers }) => {
      if (!headers.authorization?.startsWith('Bearer ')) throw new Error('no token');
      return { did: headers.authorization.slice(7) };
    },
  });
}

describe('who reads the log over HTTP', () => {
  it.each([
    [undefined, false],
    ['Bearer did:reader', true],
    ['Bearer did:member', true],
    ['Bearer did:stranger', false],
  ])('%s reads a channel that is not public: %s; main everybody', async (authorization, expected) => {
    const mayRead = await guardOf(new Set(['did:member'])).readerOf(request(authorization));
    expect([mayRead('main'), mayRead('gd')]).toEqual([true, expected]);
  });

  it('a member no longer once it is suspended, also in the middle of an answer', async () => {
    const active = new Set(['did:member']);
    const mayRead = await guardOf(active).readerOf(request('Bearer did:member'));
    expect(mayRead('gd')).toBe(true);
    active.clear();
    expect(mayRead('gd')).toBe(false);
  });

  it('nobody with a token that is no good', async () => {
    await expect(guardOf(new Set()).readerOf(request('Basic x'))).rejects.toThrow('no token');
  });
});
