import type { MemoryStoreFaults } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import type { Answer } from '../fakes/http.ts';
import { type RawClient, rawClient } from '../fakes/raw-client.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 1 });
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;
let client: RawClient;
let fail: keyof MemoryStoreFaults | undefined;

/** The next transaction fails before or after its writes are there. */
const strike = (where: keyof MemoryStoreFaults): void => {
  if (fail !== where) return;
  fail = undefined;
  throw new Error('disk full');
};

beforeEach(async () => {
  fail = undefined;
  world = await createWorld({
    faults: { beforeCommit: () => strike('beforeCommit'), afterCommit: () => strike('afterCommit') },
  });
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
  client = rawClient(world, operator);
});

const expectServerError = (answer: Answer): void => {
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('disk');
};

async function credential(token: string): Promise<Answer> {
  const { cNonce } = await client.nonces();
  return client.postCredential(token, await client.request([client.keyProof(cNonce)]));
}

async function listToken(): Promise<string> {
  return (await client.call('GET', '/status-lists/1')).text;
}

describe('a store that fails', () => {
  it('before the token is stored: the code is still good', async () => {
    const offer = await operator.issuer.createOffer({ subscriptionId });
    const code = await client.preAuthorizedCode(offer);
    fail = 'beforeCommit';
    expectServerError(await client.redeem(code, offer.txCode));
    expect((await client.redeem(code, offer.txCode)).status).toBe(200);
  });

  it('after the token is stored: the code is used up, and a new offer helps', async () => {
    const offer = await operator.issuer.createOffer({ subscriptionId });
    const code = await client.preAuthorizedCode(offer);
    fail = 'afterCommit';
    expectServerError(await client.redeem(code, offer.txCode));
    await operator.reopen();
    const again = await client.redeem(code, offer.txCode);
    expect([again.status, again.json().error]).toEqual([400, 'invalid_grant']);
    expect(await client.accessToken(subscriptionId)).toMatch(/^[\w-]{43}$/);
  });

  it.each(['beforeCommit', 'afterCommit'] as const)(
    '%s of the credentials: the token gets them again',
    async (where) => {
      const token = await client.accessToken(subscriptionId);
      fail = where;
      expectServerError(await credential(token));
      await operator.reopen();
      expect((await credential(token)).status).toBe(200);
    },
  );

  it('before an event: neither line nor status moves', async () => {
    await credential(await client.accessToken(subscriptionId));
    const before = await listToken();
    const line = operator.issuer.subscribers.get(subscriptionId)?.line;
    fail = 'beforeCommit';
    const at = world.clock.seconds();
    await expect(
      operator.issuer.subscribers.apply(subscriptionId, { type: 'sim-swap', at }),
    ).rejects.toThrow();
    expect(operator.issuer.subscribers.get(subscriptionId)?.line).toEqual(line);
    expect(await listToken()).toBe(before);
  });

  it('after an event: line and status have both moved', async () => {
    await credential(await client.accessToken(subscriptionId));
    const before = await listToken();
    fail = 'afterCommit';
    const at = world.clock.seconds();
    await expect(
      operator.issuer.subscribers.apply(subscriptionId, { type: 'sim-swap', at }),
    ).rejects.toThrow();
    await operator.reopen();
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.sim).toBe(1);
    expect(await listToken()).not.toBe(before);
  });

  it('before an offer is stored: there is none', async () => {
    fail = 'beforeCommit';
    await expect(operator.issuer.createOffer({ subscriptionId })).rejects.toThrow('disk full');
  });
});
