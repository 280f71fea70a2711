import type { DidResolver } from '@attestel/did';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  issueCard,
  newHandle,
  type Party,
  portingRecord,
} from '../../openid/test/verifier/support/consortium.ts';
import { problemIn } from './support/browser.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

let world: World;
let alpha: Party;
let beta: Party;
let gamma: Party;
beforeAll(async () => {
  world = await createWorld();
  alpha = world.operator;
  beta = await world.consortium.addParty('Beta', 'operator');
  gamma = await world.consortium.addParty('Gamma', 'operator');
  const vouchedBy = world.platform.did;
  world.registerApp({ clientId: 'shop', member: vouchedBy });
});
afterAll(() => world.close());

/** The page after the wallet has answered with a card of this operator. */
async function answered(operator: Party, handle: string, records: readonly string[] = []) {
  const card = await issueCard(operator, world.clock, { handle, claims: { porting_records: [...records] } });
  const started = await (await world.relyingParty('shop')).begin({ scope: 'openid' });
  return { started, page: await answerHere(world, started, card) };
}

async function subOf(...given: Parameters<typeof answered>): Promise<string> {
  const { started, page } = await answered(...given);
  return (await started.finish(await decide(started, page, 'share'))).claims.sub;
}

const moved = (from: Party, to: Party, handle: string, secondsAgo: number): Promise<string> =>
  portingRecord(from, to, handle, world.clock, secondsAgo);

describe('the account of a ported line', () => {
  test('moves along, and the card left behind opens nothing of it', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const records = [await moved(alpha, beta, handle, 60)];
    expect(await subOf(beta, handle, records)).toBe(before);
    expect(await subOf(beta, handle, records)).toBe(before);
    expect(await subOf(alpha, handle)).not.toBe(before);
  });

  test('is found over two hand-overs though nobody signed in between', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const records = [await moved(alpha, beta, handle, 120), await moved(beta, gamma, handle, 60)];
    expect(await subOf(gamma, handle, records)).toBe(before);
  });

  test('comes back with the line, whether or not anybody signed in meanwhile', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const records = [await moved(alpha, beta, handle, 120), await moved(beta, alpha, handle, 60)];
    expect(await subOf(alpha, handle, records)).toBe(before);
    expect(await subOf(alpha, handle, records)).toBe(before);
  });

  test('is not given to a former operator for its old record, once the line has gone back', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const there = await moved(alpha, beta, handle, 3000);
    expect(await subOf(beta, handle, [there])).toBe(before);
    const back = [there, await moved(beta, alpha, handle, 2000)];
    expect(await subOf(alpha, handle, back)).toBe(before);
    expect(await subOf(beta, handle, [there])).not.toBe(before);
    // Nor by signing a hand-over of a line that it no longer has.
    const forged = [there, await moved(beta, gamma, handle, 1000)];
    expect(await subOf(gamma, handle, forged)).not.toBe(before);
    expect(await subOf(alpha, handle, back)).toBe(before);
  });

  test('wins over one that a sign-in begun before the port left at the old operator', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const there = await moved(alpha, beta, handle, 120);
    expect(await subOf(beta, handle, [there])).toBe(before);
    const orphan = await subOf(alpha, handle);
    expect(orphan).not.toBe(before);
    const back = [there, await moved(beta, alpha, handle, 60)];
    expect(await subOf(alpha, handle, back)).toBe(before);
  });

  test('wins over one that was made when the card said nothing of the port', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    expect(await subOf(beta, handle)).not.toBe(before);
    const records = [await moved(alpha, beta, handle, 60)];
    expect(await subOf(beta, handle, records)).toBe(before);
  });

  test('is the one its operator has from an earlier stay, where nobody else has any', async () => {
    const handle = newHandle();
    const before = await subOf(beta, handle);
    const records = [await moved(alpha, beta, handle, 60)];
    expect(await subOf(beta, handle, records)).toBe(before);
  });

  test('survives any number of moves: the last eight records are enough', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const parties = [alpha, beta] as [Party, Party];
    const records: string[] = [];
    for (let i = 0; i < 10; i++) {
      const [from, to] = i % 2 === 0 ? parties : ([...parties].reverse() as [Party, Party]);
      records.push(await moved(from, to, handle, 100 - i));
    }
    expect(await subOf(alpha, handle, records.slice(-8))).toBe(before);
  });
});

describe('a hand-over that does not verify', () => {
  test('moves nothing and ends the sign-in with a page that says so', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const forged = await moved({ ...alpha, signer: beta.signer }, beta, handle, 60);
    expect(problemIn((await answered(beta, handle, [forged])).page)).toBe('wrong_credential');
    expect(await subOf(alpha, handle)).toBe(before);
  });

  test('by an operator suspended before it is one; made before, it counts', async () => {
    const member = world.consortium.members.get(alpha.did);
    if (!member) throw new TypeError('no member');
    const [early, late] = [newHandle(), newHandle()];
    const before = [await subOf(alpha, early), await subOf(alpha, late)];
    const statusSince = Math.floor(world.clock.now() / 1000) - 100;
    world.consortium.members.set(alpha.did, { ...member, status: 'suspended', statusSince });
    expect(await subOf(gamma, early, [await moved(alpha, gamma, early, 200)])).toBe(before[0]);
    const { page } = await answered(gamma, late, [await moved(alpha, gamma, late, 10)]);
    expect(problemIn(page)).toBe('wrong_credential');
    world.consortium.members.set(alpha.did, member);
  });
});

describe('a donor that changes its keys', () => {
  /** The resolver answers for this party as after a rotation, and with its old keys when asked about the past. */
  async function rotated(party: Party, work: () => Promise<void>): Promise<void> {
    const resolver = world.consortium.resolver as { resolve: DidResolver['resolve'] };
    const { resolve } = resolver;
    const other = (await resolve(gamma.did)).didDocument?.verificationMethod[0]?.publicKeyMultibase ?? '';
    resolver.resolve = async (did, options) => {
      const resolution = await resolve(did);
      if (did !== party.did || options?.versionTime !== undefined || !resolution.didDocument)
        return resolution;
      const verificationMethod = resolution.didDocument.verificationMethod.map((method) => ({
        ...method,
        publicKeyMultibase: other,
      }));
      return { ...resolution, didDocument: { ...resolution.didDocument, verificationMethod } };
    };
    try {
      await work();
    } finally {
      resolver.resolve = resolve;
    }
  }

  test('locks nobody out, before or after the first sign-in at the new operator', async () => {
    const [known, unknown] = [newHandle(), newHandle()];
    const before = [await subOf(alpha, known), await subOf(alpha, unknown)];
    const records = [await moved(alpha, beta, known, 60)];
    expect(await subOf(beta, known, records)).toBe(before[0]);
    await rotated(alpha, async () => {
      expect(await subOf(beta, known, records)).toBe(before[0]);
      expect(await subOf(beta, unknown, [await moved(alpha, beta, unknown, 60)])).toBe(before[1]);
    });
  });

  test('or cannot be resolved at all is not asked about an account that has moved', async () => {
    const handle = newHandle();
    const before = await subOf(alpha, handle);
    const records = [await moved(alpha, beta, handle, 60)];
    expect(await subOf(beta, handle, records)).toBe(before);
    const resolver = world.consortium.resolver as { resolve: DidResolver['resolve'] };
    const { resolve } = resolver;
    resolver.resolve = (did, options) =>
      did === alpha.did ? Promise.reject(new TypeError('gone')) : resolve(did, options);
    expect(await subOf(beta, handle, records)).toBe(before);
    resolver.resolve = resolve;
  });
});
