import { readFileSync } from 'node:fs';
import { createMemoryStore, systemClock, systemRandom } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { afterAll, describe, expect, test } from 'vitest';
import { keyStoreSigningKey } from '../../src/asn1/signing-key.ts';
import { parseCertificationRequest } from '../../src/ca/certification-request.ts';
import { openAuthority } from '../../src/ca/open-authority.ts';
import { requestAuthorityCertificate } from '../../src/ca/request-certificate.ts';
import { isMissing, run, temporaryFolder } from '../front/fixtures/programs.ts';

describe.skipIf(isMissing('openssl'))('a request for a CA’s own certificate', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  test.each(['ES256', 'RS256'] as const)(
    'is signed by another CA as it stands, and the CA opens with that: %s',
    async (algorithm) => {
      const keyStore = createMemoryKeyStore();
      await keyStore.generate({ ref: 'ca', purpose: 'certificate-authority', algorithm });
      const key = await keyStoreSigningKey(keyStore, 'ca');
      const request = await requestAuthorityCertificate({ name: '中联 CA', organization: 'Zhonglian', key });
      expect(parseCertificationRequest(request).extensions).toHaveLength(3);
      folder.write('csr', request);
      const verified = await run('openssl', [
        'req',
        '-inform',
        'DER',
        '-in',
        folder.at('csr'),
        '-verify',
        '-noout',
        '-text',
      ]);
      expect(verified.code, verified.output).toBe(0);
      expect(verified.output).toMatch(/CA:TRUE, pathlen:0[\s\S]*Certificate Sign, CRL Sign/);

      const root = [
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=Root',
        '-keyout',
        folder.at('root.key'),
        '-out',
        folder.at('root.pem'),
      ];
      expect((await run('openssl', ['req', ...root])).code).toBe(0);
      const sign = [
        '-req',
        '-inform',
        'DER',
        '-in',
        folder.at('csr'),
        '-CA',
        folder.at('root.pem'),
        '-CAkey',
        folder.at('root.key'),
      ];
      const signed = await run('openssl', [
        'x509',
        ...sign,
        '-days',
        '30',
        '-copy_extensions',
        'copyall',
        '-outform',
        'DER',
        '-out',
        folder.at('ca.der'),
      ]);
      expect(signed.code, signed.output).toBe(0);
      const authority = await openAuthority({
        ...{
          keyStore,
          store: createMemoryStore(),
          key: 'ca',
          clock: systemClock,
          random: systemRandom,
          algorithm,
        },
        certificate: new Uint8Array(readFileSync(folder.at('ca.der'))),
        root: { name: 'unused', lifetime: 1 },
      });
      expect(authority.key.spki).toEqual(key.spki);
    },
  );
});
