import type { HttpRequest } from '@attestel/core';
import type { App, Member, Registry } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { appSecretRoutes } from '../../src/node/app-secret.endpoint.ts';

const MEMBER = 'did:mno:test:zMember';

function ask(options: { caller?: string; status?: Member['status'] }): Promise<unknown> {
  const { caller = MEMBER, status = 'active' } = options;
  const registry = {
    app: (clientId: string) => (clientId === 'shop' ? ({ clientId, member: MEMBER } as App) : undefined),
    member: (did: string) => (did === MEMBER ? ({ did, status } as Member) : undefined),
  } as Registry;
  const [route] = appSecretRoutes({
    bridge: { clientSecret: async () => 'the secret' },
    registry,
    authenticate: async () => ({ did: caller }),
  });
  return Promise.resolve(route?.handle({ params: { clientId: 'shop' } } as unknown as HttpRequest));
}

describe('client secret of an app', () => {
  it('goes to the active member that vouches for the app, and is not cached', async () => {
    expect(await ask({})).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: expect.stringContaining('the secret'),
    });
  });

  it('is refused to any other party', async () => {
    await expect(ask({ caller: 'did:mno:test:zOther' })).rejects.toMatchObject({ code: 'app_not_yours' });
  });

  it.each(['suspended', 'left'] as const)('is refused to a member that is %s', async (status) => {
    await expect(ask({ status })).rejects.toMatchObject({ code: 'app_not_yours' });
  });
});
