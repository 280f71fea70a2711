import { type HttpRequest, silentLogger, systemClock, systemRandom } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { expect, test } from 'vitest';
import { startPki } from '../../src/node/pki-role.ts';
import type { RoleContext } from '../../src/node/role.ts';

test('a node with the role publishes for those who show a party token, and for nobody else', async () => {
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ ref: 'ledger', purpose: 'ledger', algorithm: 'EdDSA' });
  const identity = { did: 'did:mno:test:zQmOne', ledgerKey: 'ledger' };
  const context = {
    config: { http: { origin: 'https://node.example' } },
    ports: {
      ...{
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
        ledger: { onBlock: () => () => {} },
      },
      party: { keyStore, identity: () => identity },
    },
    resolver: {},
  } as unknown as RoleContext;
  const { parts, publisher } = await startPki(context, { publishers: [] });
  expect(publisher.did).toBe(identity.did);
  expect(parts.routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/pki/challenges',
    'POST /v1/pki/certificates',
    'POST /v1/pki/sightings',
  ]);
  const request = { headers: {}, url: new URL('https://node.example/v1/pki/challenges'), params: {} };
  for (const route of parts.routes) {
    const answer = await route.handle({ ...request, body: new Uint8Array() } as unknown as HttpRequest);
    expect(answer.status).toBe(401);
  }
  // Its token key is the same after a restart.
  expect(await keyStore.find('pki/tokens')).toBeDefined();
});
