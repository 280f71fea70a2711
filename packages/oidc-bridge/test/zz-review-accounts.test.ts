import { createPortingRecord, verifyPortingRecord } from '@attestel/credentials';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  issueCard,
  newHandle,
  type Party,
  portingRecord,
} from '../../openid/test/verifier/support/consortium.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

let world: World;
let beta: Party;
let gamma: Party;
beforeAll(async () => {
  world = await createWorld();
  beta = await world.consortium.addParty('Beta', 'operator');
  gamma = await world.consortium.addParty('Gamma', 'operator');
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
});
afterAll(() => world.close());
async function subOf(operator: Party, handle: string, claims: Record<string, any> = {}, app = 'shop') {
  const card = await issueCard(operator, world.clock, { handle, claims });
  const started = await (await world.relyingParty(app)).begin({ scope: 'openid phone' });
  const consent = await answerHere(world, started, card);
  return (await started.finish(await decide(started, consent, 'share'))).claims.sub;
}
const rec = (from: Party, to: Party, handle: string, at: number) =>
  createPortingRecord({ handle, from: from.did, to: to.did, at, kid: from.kid, signer: from.signer });
const now = () => Math.floor(world.clock.now() / 1000);

describe('review', () => {
  test('stale record replay after the line came back', async () => {
    const h = newHandle();
    const A = world.operator;
    const s0 = await subOf(A, h);
    const r1 = await rec(A, beta, h, now() - 3000);
    const s1 = await subOf(beta, h, { porting_records: [r1] });
    const r2 = await rec(beta, A, h, now() - 2000);
    const s2 = await subOf(A, h, { porting_records: [r1, r2] });
    // former operator B, long after: the old, genuine record again
    const stolen = await subOf(beta, h, { porting_records: [r1] });
    console.log('T1 stale replay: same sub =', stolen === s0, s0 === s1, s1 === s2);
  });
  test('missing records then with records', async () => {
    const h = newHandle();
    const A = world.operator;
    const s0 = await subOf(A, h);
    const r1 = await rec(A, beta, h, now() - 3000);
    const s1 = await subOf(beta, h, {});
    const s2 = await subOf(beta, h, { porting_records: [r1] });
    console.log('T7 without records once: account lost for ever =', s2 !== s0, s1 === s2);
  });
  test('second host changes sub; one host two members', async () => {
    const h = newHandle();
    const A = world.operator;
    world.registerApp({ clientId: 'mover', redirectUris: ['https://mover.example/cb'] });
    const s0 = await subOf(A, h, {}, 'mover');
    world.registerApp({
      clientId: 'mover',
      redirectUris: ['https://mover.example/cb', 'https://staging.mover.example/cb'],
    });
    const s1 = await subOf(A, h, {}, 'mover');
    console.log('T3 sub changed by adding a redirect host =', s0 !== s1);
    world.registerApp({ clientId: 'tenant1', member: A.did, redirectUris: ['https://shared.example/a/cb'] });
    world.registerApp({
      clientId: 'tenant2',
      member: beta.did,
      redirectUris: ['https://shared.example/b/cb'],
    });
    console.log(
      'T8 two members one host same sub =',
      (await subOf(A, h, {}, 'tenant1')) === (await subOf(A, h, {}, 'tenant2')),
    );
  });
  test('nine ports', async () => {
    const h = newHandle();
    const ps = [world.operator, beta];
    const records: string[] = [];
    for (let i = 0; i < 9; i++) records.push(await rec(ps[i % 2]!, ps[(i + 1) % 2]!, h, now() - 1000 + i));
    let r;
    try {
      r = await subOf(beta, h, { porting_records: records });
    } catch (e) {
      r = String(e).slice(0, 300);
    }
    console.log('T5 nine ports:', r);
  });
  test('suspended donor signs anything', async () => {
    const h = newHandle();
    const A = world.operator;
    const s0 = await subOf(A, h);
    const m = world.consortium.members.get(A.did)!;
    world.consortium.members.set(A.did, { ...m, status: 'suspended' });
    world.registerApp({ clientId: 'shop2', member: beta.did });
    world.registerApp({ clientId: 'shop', member: beta.did, claims: ['phone_number'] });
    const r1 = await rec(A, gamma, h, now() - 10);
    const s1 = await subOf(gamma, h, { porting_records: [r1] });
    console.log('T6 suspended donor hands over =', s0 === s1);
    world.consortium.members.set(A.did, m);
  });
  test('S flip', async () => {
    const h = newHandle();
    const A = world.operator;
    const r1 = await rec(A, beta, h, now() - 10);
    const [hd, pl, sg] = r1.split('.');
    const sig = Buffer.from(sg!, 'base64url');
    const n = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const s = n - BigInt('0x' + sig.subarray(32).toString('hex'));
    const flipped = `${hd}.${pl}.${Buffer.concat([sig.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64url')}`;
    const v = await verifyPortingRecord({
      resolver: world.consortium.resolver,
      clock: world.clock,
      isOperator: () => true,
      record: flipped,
    });
    console.log('T4 flipped verifies, other string =', v.handle === h, flipped !== r1);
  });
  test('donor rotated its key', async () => {
    const h = newHandle();
    const A = world.operator;
    const s0 = await subOf(A, h);
    const r1 = await rec(A, beta, h, now() - 3000);
    const s1 = await subOf(beta, h, { porting_records: [r1] });
    const orig = world.consortium.resolver.resolve;
    (world.consortium.resolver as any).resolve = async (did: string, o: any) => {
      const r = await orig(did, o);
      if (did !== A.did) return r;
      const doc: any = JSON.parse(JSON.stringify(r.didDocument));
      doc.verificationMethod[0].publicKeyMultibase = (await orig(gamma.did)).didDocument!
        .verificationMethod[0]!.publicKeyMultibase;
      return { ...r, didDocument: doc };
    };
    let r;
    try {
      r = (await subOf(beta, h, { porting_records: [r1] })) === s0 ? 'ok' : 'other sub';
    } catch (e) {
      r = String(e).slice(0, 300);
    }
    console.log('T2 after the donor rotated its key:', s0 === s1, r);
    (world.consortium.resolver as any).resolve = orig;
  });
});
