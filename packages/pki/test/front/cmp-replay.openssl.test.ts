import { readFileSync } from 'node:fs';
import { type Bytes, type Clock, fromUtf8, systemClock } from '@attestel/core';
import { DerCursor, der, parseCertificate, sequenceIn, TAG } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cmpRoutes } from '../../src/front/cmp/cmp.endpoint.ts';
import { checkCmpEvidence } from '../../src/front/cmp/evidence.ts';
import { BODY, parseCmpMessage } from '../../src/front/cmp/message.ts';
import type { Enrolment } from '../../src/front/enrolment.ts';
import { sha256 } from '../../src/sha256.ts';
import { deviceKey } from './fixtures/authority.ts';
import { type EnrolmentWorld, enrolmentWorld } from './fixtures/enrolment.ts';
import { isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';
import { serve } from './fixtures/serve.ts';

/** Recorded from a real enrolment, then played again. */
describe.skipIf(isMissing('openssl'))('CMP messages that are not of their time and place', () => {
  const folder = temporaryFolder();
  let world: EnrolmentWorld;
  let ir: Bytes;
  let certConf: Bytes;

  beforeAll(async () => {
    world = await enrolmentWorld();
    const served = await serve(cmpRoutes({ server: await world.cmp() }));
    const device = await world.device(world.vendor, '1');
    folder.write('root.pem', pem(world.operator.certificate));
    folder.write('v.pem', pem(device.certificate));
    folder.write('v.key', device.pem);
    folder.write('op.key', deviceKey().pem);
    await run('openssl', [
      ...['cmp', '-server', `127.0.0.1:${served.port}`, '-path', '.well-known/cmp', '-cmd', 'ir'],
      ...['-trusted', folder.at('root.pem'), '-cert', folder.at('v.pem'), '-key', folder.at('v.key')],
      ...['-newkey', folder.at('op.key'), '-subject', '/CN=cell', '-certout', folder.at('op.pem')],
      ...['-reqout', `${folder.at('ir')} ${folder.at('conf')}`],
    ]);
    await served.close();
    ir = new Uint8Array(readFileSync(folder.at('ir')));
    certConf = new Uint8Array(readFileSync(folder.at('conf')));
  });
  afterAll(() => folder.remove());

  /** The words of an error message; undefined where the answer is none. */
  const refusal = (answer: Bytes): string | undefined => {
    const { kind, body } = parseCmpMessage(answer);
    if (kind !== BODY.error) return undefined;
    const status = new DerCursor(new DerCursor(body).next(TAG.sequence));
    status.next(TAG.integer);
    return fromUtf8(new DerCursor(status.next(TAG.sequence)).next(TAG.utf8String).content);
  };
  const play = async (server: Awaited<ReturnType<EnrolmentWorld['cmp']>>, ...messages: Bytes[]) => {
    let last: string | undefined;
    for (const message of messages) last = refusal((await server.respond(message, undefined)).der);
    return last;
  };
  const at = (seconds: number): { clock: Clock } => ({
    clock: { now: () => systemClock.now() + seconds * 1000 },
  });

  test('the same request is taken once', async () => {
    const server = await world.cmp();
    expect(await play(server, ir)).toBeUndefined();
    expect(await play(server, ir)).toContain('was used before');
  });

  test.each([-600, 600])('a request that is %i seconds off is refused', async (seconds) => {
    expect(await play(await world.cmp(at(seconds)), ir)).toContain('not of this time');
  });

  test('a confirmation without its request, or with the nonce of another answer, is refused', async () => {
    const server = await world.cmp();
    expect(await play(server, certConf)).toContain('no such transaction');
    expect(await play(server, ir, certConf)).toContain('not the one that was sent');
  });

  test('a changed bit anywhere under the signature is refused', async () => {
    const { protectedPart } = parseCmpMessage(ir);
    for (const offset of [40, 200, protectedPart.length - 30]) {
      const changed = Uint8Array.from(ir);
      changed[offset] = (changed[offset] as number) ^ 1;
      expect(await play(await world.cmp(), changed)).toBeDefined();
    }
  });

  test('a signature by the sender’s name but another certificate is refused', async () => {
    // A rogue vendor's device of the same name signs nothing here: it only puts its certificate first.
    const twin = await world.device(world.rogue, '1');
    const outer = sequenceIn(ir);
    const [header, body, protection] = [outer.next(), outer.next(), outer.next()];
    const swapped = der.sequence(
      ...[header.bytes, body.bytes, protection.bytes, der.explicit(1, der.sequence(twin.certificate))],
    );
    expect(await play(await world.cmp(), swapped)).toContain('the signature of the message is wrong');
  });

  test('beyond the limit of open transactions devices are told to come back', async () => {
    const server = await world.cmp({ transactionLimit: 0 });
    expect(await play(server, ir)).toContain('too many transactions');
  });

  test('a certificate that nobody confirms is discarded in the end', async () => {
    let offset = 0;
    const server = await world.cmp({
      clock: { now: () => systemClock.now() + offset },
      timeTolerance: 10_000,
    });
    const before = world.discarded.length;
    expect(await play(server, ir)).toBeUndefined();
    offset = 901_000;
    await play(server, certConf);
    expect(world.discarded.length).toBe(before + 1);
  });

  test('a device signs the nonce that was derived from a challenge, and both messages prove it later', async () => {
    const nonce = new Uint8Array(32).fill(9);
    const taken: Bytes[] = [];
    const enrolment: Enrolment = {
      ...world.enrolment,
      issue: async (request, grant) => ({ ...(await world.enrolment.issue(request, grant)), nonce }),
      publish: async (issued, confirmation) => {
        const evidence = checkCmpEvidence(issued.request.message, confirmation as Bytes);
        expect(evidence.nonce).toEqual(nonce);
        expect(evidence.certificateHash).toEqual(sha256(issued.certificate));
        expect(evidence.wanted.spki).toEqual(parseCertificate(issued.certificate).spki);
        taken.push(issued.certificate);
      },
    };
    const server = await world.cmp({ enrolment, allowsImplicitConfirm: false });
    const served = await serve(cmpRoutes({ server }));
    const { code, output } = await run('openssl', [
      ...['cmp', '-server', `127.0.0.1:${served.port}`, '-path', '.well-known/cmp/p/cells', '-cmd', 'ir'],
      ...['-trusted', folder.at('root.pem'), '-cert', folder.at('v.pem'), '-key', folder.at('v.key')],
      ...['-newkey', folder.at('op.key'), '-subject', '/CN=cell', '-certout', folder.at('fresh.pem')],
      '-implicit_confirm',
    ]);
    await served.close();
    // Implicit confirmation was asked for and not granted, as nothing fresh would be signed then.
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
    expect(taken).toHaveLength(1);
  });

  test('what the ledger does not take is told and discarded', async () => {
    const enrolment = { ...world.enrolment, publish: () => Promise.reject(new Error('no quorum')) };
    const served = await serve(cmpRoutes({ server: await world.cmp({ enrolment }) }));
    const before = world.discarded.length;
    const { code, output } = await run('openssl', [
      ...['cmp', '-server', `127.0.0.1:${served.port}`, '-path', '.well-known/cmp', '-cmd', 'ir'],
      ...['-trusted', folder.at('root.pem'), '-cert', folder.at('v.pem'), '-key', folder.at('v.key')],
      ...['-newkey', folder.at('op.key'), '-subject', '/CN=cell', '-certout', folder.at('none.pem')],
    ]);
    await served.close();
    expect(code).not.toBe(0);
    expect(output).toContain('internal error');
    expect(world.discarded.length).toBe(before + 1);
  });
});
