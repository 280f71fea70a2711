import { createPortingRecord } from '@attestel/credentials';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { foreignWallet } from '../fakes/foreign-wallet.ts';
import { type Answer, callRoutes } from '../fakes/http.ts';
import { createWorld, didOf, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 2 });
const phoneNumber = samples[0]?.phoneNumber as string;
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let donor: Operator;
let recipient: Operator;
let third: Operator;

beforeEach(async () => {
  world = await createWorld({ operators: ['zhonglian', 'huatong', 'xinyuan'] });
  [donor, recipient, third] = world.operators as [Operator, Operator, Operator];
  await donor.issuer.subscribers.seed(samples);
});

const post = (operator: Operator, path: string, body: unknown): Promise<Answer> =>
  callRoutes(operator.routes, {
    method: 'POST',
    url: `${operator.issuerUrl}/v1/desk${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function portOut(from = donor, to = recipient): Promise<string[]> {
  const answer = await post(from, '/port-out', { phoneNumber, to: to.did });
  return answer.json().portingRecords as string[];
}

const portIn = (operator: Operator, portingRecords: readonly string[], number = phoneNumber) =>
  post(operator, '/port-in', { phoneNumber: number, portingRecords });

const lineAt = async (operator: Operator) =>
  (await operator.issuer.subscribers.findByNumber(phoneNumber))?.line;

const routesOf = (origin: string) =>
  world.operators.find(({ issuerUrl }) => new URL(issuerUrl).origin === origin)?.routes;

async function disclosedAt(operator: Operator): Promise<Record<string, unknown>> {
  const found = await operator.issuer.subscribers.findByNumber(phoneNumber);
  const offer = await operator.issuer.createOffer({ subscriptionId: found?.subscriptionId as string });
  const wallet = foreignWallet(routesOf, () => world.clock.now());
  const { credentials } = await wallet.receive(offer.offerUri, offer.txCode, 1);
  const disclosures = (credentials[0] as string).split('~').slice(1, -1);
  return Object.fromEntries(
    disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()).slice(1)),
  );
}

describe('a port between operators', () => {
  it('takes the handle along, revokes at the donor and waits at the recipient', async () => {
    const before = await disclosedAt(donor);
    const records = await portOut();
    expect(records).toHaveLength(1);
    const answer = await portIn(recipient, records);
    expect([answer.status, answer.json().phase]).toEqual([201, 'active']);
    expect((await lineAt(donor))?.phase).toBe('ported-out');
    const after = await disclosedAt(recipient);
    expect(after).toMatchObject({
      subscription_handle: before.subscription_handle,
      mobile_operator: 'huatong',
      binding_pending: true,
      porting_records: records,
    });
  });

  it('goes on to a third operator and back, with the whole chain', async () => {
    const first = await portOut();
    await portIn(recipient, first);
    const second = await portOut(recipient, third);
    expect(second.slice(0, 1)).toEqual(first);
    expect((await portIn(third, second)).status).toBe(201);
    const back = await portOut(third, donor);
    expect((await portIn(donor, back)).status).toBe(201);
    expect(await lineAt(donor)).toMatchObject({ phase: 'active' });
    expect(donor.issuer.subscribers.get(subscriptionId)?.line.phase).toBe('ported-out');
  });

  it('goes on for ever: the last eight records go along', async () => {
    await portIn(recipient, await portOut());
    let [from, to] = [recipient, third];
    for (let i = 0; i < 10; i++) {
      const records = await portOut(from, to);
      expect(records).toHaveLength(Math.min(i + 2, 8));
      expect((await portIn(to, records)).status).toBe(201);
      [from, to] = [to, from];
    }
    expect((await disclosedAt(from)).porting_records).toHaveLength(8);
  });

  it('leaves later than it came, also within a second', async () => {
    await portIn(recipient, await portOut());
    const records = await portOut(recipient, third);
    const times = records.map(
      (record) => JSON.parse(Buffer.from(record.split('.')[1] ?? '', 'base64url').toString()).at,
    );
    expect(times).toEqual([world.clock.seconds(), world.clock.seconds() + 1]);
  });

  it('is stated as none on the card of a line that never moved', async () => {
    expect((await disclosedAt(donor)).porting_records).toEqual([]);
  });

  it('answers a repeated port-out and port-in the same', async () => {
    const records = await portOut();
    world.clock.advance(60);
    expect(await portOut()).toEqual(records);
    const first = await portIn(recipient, records);
    expect((await portIn(recipient, records)).json()).toEqual(first.json());
    expect(recipient.issuer.subscribers.list()).toHaveLength(1);
  });

  it('has one recipient', async () => {
    await portOut();
    const answer = await post(donor, '/port-out', { phoneNumber, to: third.did });
    expect([answer.status, answer.json().code]).toEqual([409, 'line_not_active']);
  });

  it.each([
    ['a stranger', didOf('stranger')],
    ['what is no DID', 'huatong'],
  ])('does not go to %s', async (_, to) => {
    const answer = await post(donor, '/port-out', { phoneNumber, to });
    expect([answer.status, answer.json().field]).toEqual([400, '/to']);
  });

  it('does not go to the operator itself', async () => {
    expect((await post(donor, '/port-out', { phoneNumber, to: donor.did })).status).toBe(400);
  });

  it('waits while a re-binding waits', async () => {
    await disclosedAt(donor);
    await disclosedAt(donor);
    const answer = await post(donor, '/port-out', { phoneNumber, to: recipient.did });
    expect(answer.json()).toMatchObject({ status: 409, rule: 'rebinding-pending' });
    expect((await lineAt(donor))?.phase).toBe('active');
  });
});

/** ECDSA: with (r, s) verifies (r, n − s) as well, which needs no key to make. */
function otherForm(record: string): string {
  const [header, payload, signature = ''] = record.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = n - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const flipped = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  ]);
  return `${header}.${payload}.${flipped.toString('base64url')}`;
}

describe('a porting record', () => {
  const expectRefused = (answer: Answer) =>
    expect([answer.status, answer.json().code]).toEqual([422, 'porting_record_invalid']);

  it('for another operator is refused', async () => {
    expectRefused(await portIn(third, await portOut()));
  });

  it('that was altered is refused', async () => {
    const [record = ''] = await portOut();
    expectRefused(await portIn(recipient, [record.replace(/.(?=.$)/, (at) => (at === 'A' ? 'B' : 'A'))]));
    expectRefused(await portIn(recipient, ['x']));
  });

  it('signed by somebody else in the name of the donor is refused', async () => {
    const handle = donor.issuer.subscribers.get(subscriptionId)?.line.handle as string;
    const at = world.clock.seconds();
    const forged = { handle, from: donor.did, to: recipient.did, at, kid: donor.kid, signer: third.signer };
    expectRefused(await portIn(recipient, [await createPortingRecord(forged)]));
  });

  it('of an unknown operator is refused', async () => {
    const did = didOf('stranger');
    const handle = `${'a'.repeat(42)}A`;
    const at = world.clock.seconds();
    const foreign = { handle, from: did, to: recipient.did, at, kid: `${did}#key-1`, signer: third.signer };
    expectRefused(await portIn(recipient, [await createPortingRecord(foreign)]));
  });

  it('counts once, also when the line has moved on', async () => {
    const records = await portOut();
    await portIn(recipient, records);
    await portIn(third, await portOut(recipient, third));
    expectRefused(await portIn(recipient, records));
  });

  it('counts once in whatever form its signature is written', async () => {
    const records = await portOut();
    await portIn(recipient, records);
    await portIn(third, await portOut(recipient, third));
    expectRefused(await portIn(recipient, [otherForm(records[0] as string)]));
    expect((await lineAt(recipient))?.phase).toBe('ported-out');
  });

  it('verifies in either form of its signature', async () => {
    const [record = ''] = await portOut();
    expect((await portIn(recipient, [otherForm(record)])).status).toBe(201);
  });

  it('counts for thirty days', async () => {
    const records = await portOut();
    world.clock.advance(30 * 86_400 + 1);
    expectRefused(await portIn(recipient, records));
  });

  it('gives no number that belongs to somebody else at the recipient', async () => {
    const own = sampleSubscribers({ seed: 'test', operator: 'huatong', count: 1 });
    await recipient.issuer.subscribers.seed(own);
    const answer = await portIn(recipient, await portOut(), own[0]?.phoneNumber);
    expect([answer.status, answer.json().code]).toEqual([409, 'number_in_use']);
  });

  it('brings back no handle that ended at the recipient', async () => {
    const handle = donor.issuer.subscribers.get(subscriptionId)?.line.handle as string;
    await donor.issuer.subscribers.transfer(subscriptionId, { holderName: { 'zh-CN': '新', en: 'New' } });
    const at = world.clock.seconds();
    const kid = recipient.kid;
    const record = { handle, from: recipient.did, to: donor.did, at, kid, signer: recipient.signer };
    const answer = await portIn(donor, [await createPortingRecord(record)], '+99910009000000');
    expect([answer.status, answer.json().code]).toEqual([409, 'handle_in_use']);
  });
});
