import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isLocalRequest, isLoopback } from '../../src/http/peer.ts';

describe('loopback addresses', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])('are %s', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each([
    '203.0.113.7',
    '128.0.0.1',
    '10.0.0.1',
    '2001:db8::1',
    '::ffff:203.0.113.7',
    '::',
    'localhost',
    '',
    undefined,
  ])('are not %s', (address) => {
    expect(isLoopback(address)).toBe(false);
  });
});

describe('a request of this machine', () => {
  const from = (remoteAddress: string, headers: IncomingMessage['headers'] = {}) =>
    isLocalRequest({ socket: { remoteAddress }, headers } as IncomingMessage);

  it('comes from loopback and was not passed on by a proxy', () => {
    expect(from('::1', { host: 'id.example' })).toBe(true);
    for (const name of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']) {
      expect(from('::1', { [name]: '127.0.0.1' })).toBe(false);
    }
  });

  it('is not one that a header calls local', () => {
    expect(from('203.0.113.7', { 'x-forwarded-for': '127.0.0.1', host: 'localhost' })).toBe(false);
  });
});
