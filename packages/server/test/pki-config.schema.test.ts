import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseNodeConfig } from '../src/index.ts';

const CA = { profiles: { cells: { role: 'small-cell', domain: 'cells.example.org' } } } as const;

const codeOf = (pki: object): string => {
  try {
    parseNodeConfig({
      ...{ instance: 'a', network: 'test', dataDir: '/nowhere', name: { en: 'A', 'zh-CN': 'A' } },
      http: { origin: 'https://node.example', port: 1 },
      roles: { pki },
    });
    return 'accepted';
  } catch (error) {
    return (error as Error & { field?: string }).field ?? 'none';
  }
};

describe('the role pki', () => {
  test('takes the example of its specification', () => {
    const text = readFileSync(new URL('../../../specs/pki.md', import.meta.url), 'utf8');
    const example = /```json\n("pki": [\s\S]*?)```/.exec(text)?.[1] ?? '';
    const { pki } = JSON.parse(`{${example}}`);
    pki.est.accounts[0].password = `scrypt:${'00'.repeat(16)}:${'00'.repeat(32)}`;
    expect(codeOf(pki)).toBe('accepted');
  });

  test('takes what an operator needs, and nothing at all', () => {
    expect(codeOf({})).toBe('accepted');
    const plain = { url: 'http://pki.mnc001.mcc460.3gppnetwork.org', plain: { port: 80 } };
    expect(codeOf({ ...plain, ca: CA, ocsp: {}, crl: {}, cmp: {} })).toBe('accepted');
    expect(codeOf({ ocsp: {} })).toBe('accepted');
  });

  test('has OCSP at a listener of its own, by a URL of its own', () => {
    const listener = { host: '0.0.0.0', port: 2560, maxConnections: 10_000 };
    expect(codeOf({ ocsp: { listener, url: 'http://ocsp.example' } })).toBe('accepted');
    expect(codeOf({ ocsp: { listener: {} } })).toContain('listener.port');
    expect(codeOf({ ocsp: { listener, url: 'http://ocsp.example/' } })).toContain('url');
  });

  test.each(['crl', 'cmp'])('has %s of its own CA only', (name) => {
    expect(codeOf({ [name]: {} })).toContain('roles.pki.ca');
  });

  test('asks for EST over TLS, and for passwords that are not stored', () => {
    const est = { origin: 'https://est.example', port: 1, certFile: 'a', keyFile: 'b' };
    expect(codeOf({ ca: CA, est })).toBe('accepted');
    expect(codeOf({ ca: CA, est: { ...est, origin: 'http://est.example' } })).toContain('origin');
    const accounts = [{ name: 'installer', password: 'secret' }];
    expect(codeOf({ ca: CA, est: { ...est, accounts } })).toContain('password');
  });

  test('lets devices be named by their serial only, and network functions have their types', () => {
    const profiles = (profile: object) => codeOf({ ca: { profiles: { one: profile } } });
    expect(profiles({ role: 'small-cell', accounts: ['installer'] })).toContain('profiles.one');
    expect(profiles({ role: 'small-cell', names: ['a.example'] })).toContain('profiles.one');
    expect(profiles({ role: 'network-function', names: ['a.example'] })).toContain('nfTypes');
    expect(profiles({ role: 'security-gateway', validityDays: 398 })).toContain('validityDays');
    expect(profiles({ role: 'security-gateway', names: ['A.example'] })).toContain('names');
  });

  test('names the setting that was meant', () => {
    expect(codeOf({ ca: { profils: {} } })).toContain('did you mean profiles?');
  });
});
