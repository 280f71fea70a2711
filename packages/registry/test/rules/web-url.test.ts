import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redirectUriFault, serviceUrlFault } from '../../src/rules/web-url.ts';

describe('redirect URIs', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example',
    'https://app.example:8443/a/b?x=1&y=%20',
    'https://xn--fiqs8s.example/cb',
    'http://localhost:4131/callback',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
    'https://localhost/cb',
    'http://localhost',
  ])('accepts %s', (uri) => {
    expect(redirectUriFault(uri)).toBeUndefined();
  });

  it.each([
    ['http elsewhere', 'http://app.example/cb', /https/],
    ['http on a name that only starts like localhost', 'http://localhost.evil.example/cb', /https/],
    ['http on localhost as user info', 'http://localhost@evil.example/cb', /user info/],
    ['relative', '/callback', /absolute/],
    ['no scheme', 'app.example/cb', /absolute/],
    ['custom scheme', 'com.example.app:/cb', /absolute/],
    ['javascript', 'javascript:alert(1)', /absolute/],
    ['upper-case scheme', 'HTTPS://app.example/cb', /absolute/],
    ['fragment', 'https://app.example/cb#x', /fragment/],
    ['empty fragment', 'https://app.example/cb#', /fragment/],
    ['wildcard host', 'https://*.app.example/cb', /wildcard/],
    ['wildcard path', 'https://app.example/*', /wildcard/],
    ['user info', 'https://user:pw@app.example/cb', /user info/],
    ['upper-case host', 'https://App.example/cb', /normal form/],
    ['non-ASCII host', 'https://中国.example/cb', /normal form/],
    ['no host', 'https:///cb', /normal form/],
    ['host that starts with a dot', 'https://.example/cb', /normal form/],
    ['numbers as host', 'https://10.0.0.1/cb', /normal form/],
    ['hexadecimal address', 'https://0x7f000001/cb', /normal form/],
    ['other IPv6 address', 'https://[2001:db8::1]/cb', /normal form/],
    ['port 0', 'https://app.example:0/cb', /normal form/],
    ['port over 65535', 'https://app.example:65536/cb', /normal form/],
    ['empty port', 'https://app.example:/cb', /normal form/],
    ['dot segment', 'https://app.example/a/../cb', /normal form/],
    ['encoded dot segment', 'https://app.example/a/%2E%2e', /normal form/],
    ['backslash before user info', 'https://app.example\\@evil.example/', /user info/],
    ['backslash in the path', 'https://app.example/a\\b', /normal form/],
    ['white space', 'https://app.example/c b', /normal form/],
    ['line break', 'https://app.example/cb\n', /normal form/],
    ['half an escape', 'https://app.example/%2', /normal form/],
    ['more than 300 characters', `https://app.example/${'a'.repeat(300)}`, /300/],
    ['nothing', '', /absolute/],
  ])('refuses %s', (_, uri, rule) => {
    expect(redirectUriFault(uri)).toMatch(rule);
  });

  it('accepts only what the platform reads as the very same URL on a safe origin', () => {
    const part = fc.string({ unit: fc.constantFrom(...'ab1.-:/?#@%[]*\\&=~2eE'), maxLength: 12 });
    const uri = fc
      .tuple(fc.constantFrom('https://', 'http://', 'http://localhost', 'https://app.example'), part, part)
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(uri, (text) => {
        if (redirectUriFault(text) !== undefined) return;
        const url = new URL(text);
        expect([
          text,
          `${text}/`,
          text.replace('?', '/?'),
          text.replace(/:(?:80|443)(?=\/|$|\?)/, ''),
        ]).toContain(url.href.replace(/\?$/, text.endsWith('?') ? '?' : ''));
        expect(url.username + url.password + url.hash).toBe('');
        if (url.protocol === 'http:') expect(['localhost', '127.0.0.1', '[::1]']).toContain(url.hostname);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('identifiers of issuers and bridges', () => {
  it('accepts an origin or a path, on loopback with http', () => {
    for (const url of ['https://op.example', 'https://op.example/tenant', 'http://localhost:4101']) {
      expect(serviceUrlFault(url)).toBeUndefined();
    }
  });

  it('refuses a query, a slash at the end and what no redirect URI may be', () => {
    expect(serviceUrlFault('https://op.example?x')).toMatch(/query/);
    expect(serviceUrlFault('https://op.example/')).toMatch(/slash/);
    expect(serviceUrlFault('http://op.example')).toMatch(/https/);
  });
});
