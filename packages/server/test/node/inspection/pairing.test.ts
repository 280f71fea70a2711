import {
  AppError,
  type Clock,
  createMemoryStore,
  multikeyToText,
  systemRandom,
  toBase64url,
} from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { type Operation, signedBytes, verifySignature } from '@attestel/ledger';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey, signWith } from '../../../../web/src/inspection/phone/keys.ts';
import { commitmentTo, creationOf } from '../../../../web/src/inspection/phone/phone-did.ts';
import { beginSchema, completeSchema } from '../../../src/node/inspection/pairing.schema.ts';
import { createPairing, type PairingPorts } from '../../../src/node/inspection/pairing.ts';

const MEMBER = 'did:mno:member';
const NOW = 1_800_000_000;
const YEAR = 365 * 86_400;
const LI_MING = {
  ...{ name: 'Li Ming', province: 'GD', city: null, until: NOW + YEAR },
  shift: { from: '08:00', until: '18:00' },
};
const CODE = { code: expect.any(String), expires: NOW + 900 };

describe('pairing a phone', () => {
  let seconds: number;
  let ledger: Operation[];
  let issued: Record<string, unknown>[];
  let refusal: AppError | undefined;
  const clock: Clock = { now: () => seconds * 1000 };
  let pairing: ReturnType<typeof createPairing>;

  beforeEach(() => {
    [seconds, ledger, issued, refusal] = [NOW, [], [], undefined];
    const resolver = {
      resolve: async (did: string) => ({
        didDocument: ledger.some(({ payload }) => payload.actor === did) ? { id: did } : null,
      }),
    } as unknown as DidResolver;
    const ports: PairingPorts = {
      ...{ resolver, clock, store: createMemoryStore(), random: systemRandom, member: MEMBER, channel: 'gd' },
      ledger: {
        network: 'cells',
        submit: async (operations) => {
          ledger.push(...operations);
          return operations.map(() => ({ ok: true }) as never);
        },
      },
      host: {
        async run(request) {
          if (refusal) throw refusal;
          if (issued.some(({ id }) => id === request.id))
            throw new AppError('already_exists', { kind: 'conflict', message: 'there' });
          issued.push(request as never);
          return undefined as never;
        },
      },
    };
    pairing = createPairing(ports);
  });

  const newPhone = async () => {
    const [key, control, next] = [await makeKey(), await makeKey(), await makeKey()];
    const keys = { key: key.publicKey, control: control.publicKey, next: next.publicKey };
    const begin = (code: string) =>
      pairing.begin(
        beginSchema.parse({
          ...{ code, key: multikeyToText(keys.key), control: multikeyToText(keys.control) },
          next: toBase64url(commitmentTo(keys.next)),
        }),
      );
    const complete = async (code: string, by = control) => {
      const { payload, message } = creationOf(await begin(code), keys);
      const signature = await signWith(by, message);
      return pairing.complete(
        completeSchema.parse({ code, payload: toBase64url(payload), signature: toBase64url(signature) }),
      );
    };
    return { begin, complete, keys };
  };

  it('appoints it and puts its DID on the ledger, under its own signature alone', async () => {
    const { complete, keys } = await newPhone();
    const { code, ...rest } = await pairing.invite(LI_MING);
    expect({ code, ...rest }).toEqual(CODE);
    const inspector = await complete(code);
    expect(inspector).toMatchObject(LI_MING);
    expect(pairing.find(inspector.did)).toEqual(inspector);
    expect(issued).toMatchObject([
      {
        ...{ channel: 'gd', module: 'host.credential@1', command: 'issue', actor: MEMBER },
        data: { type: 'Inspector', subject: inspector.did, keeper: MEMBER, claims: { province: 'GD' } },
      },
    ]);
    const [operation] = ledger;
    expect(operation?.signatures.map((one) => one.key)).toEqual([keys.control]);
    const [{ signature } = { signature: new Uint8Array() }] = operation?.signatures ?? [];
    expect(verifySignature(keys.control, signedBytes(operation?.payloadBytes ?? signature), signature)).toBe(
      true,
    );
  });

  it('may be repeated at every step, and appoints once', async () => {
    const { begin, complete } = await newPhone();
    const { code } = await pairing.invite(LI_MING);
    const first = await begin(code);
    expect(await begin(code)).toEqual(first);
    const inspector = await complete(code);
    expect(await complete(code)).toEqual(inspector);
    expect([issued.length, ledger.length]).toEqual([1, 1]);
  });

  it('goes on where the credential was given and the ledger did not answer', async () => {
    const { complete } = await newPhone();
    const { code } = await pairing.invite(LI_MING);
    await complete(code);
    ledger = [];
    const { did } = await complete(code);
    expect(ledger.map(({ payload }) => payload.actor)).toEqual([did]);
  });

  it('is for one phone: another with the same link is refused', async () => {
    const { code } = await pairing.invite(LI_MING);
    await (await newPhone()).begin(code);
    await expect((await newPhone()).begin(code)).rejects.toMatchObject({ code: 'invite_used' });
  });

  it('ends after a quarter of an hour, and an hour later for the phone that has begun', async () => {
    const [begun, late] = [await newPhone(), await newPhone()];
    const [one, two] = [await pairing.invite(LI_MING), await pairing.invite(LI_MING)];
    await begun.begin(one.code);
    seconds += 900;
    await expect(late.begin(two.code)).rejects.toMatchObject({ code: 'invite_expired' });
    await begun.complete(one.code);
    seconds += 3600;
    await expect(begun.begin(one.code)).rejects.toMatchObject({ code: 'invite_expired' });
  });

  it('forgets invitations that nobody took', async () => {
    const { code } = await pairing.invite(LI_MING);
    seconds += 900 + 3600;
    await pairing.invite({ ...LI_MING, until: seconds + 1 });
    const { begin } = await newPhone();
    await expect(begin(code)).rejects.toMatchObject({ code: 'invite_expired' });
    seconds += 1;
    await pairing.invite({ ...LI_MING, until: seconds + 1 });
    await expect(begin(code)).rejects.toMatchObject({ code: 'invite_unknown' });
  });

  it('takes no signature of another key, and nothing is given then', async () => {
    const { complete } = await newPhone();
    const { code } = await pairing.invite(LI_MING);
    await expect(complete(code, await makeKey())).rejects.toMatchObject({ code: 'signature_invalid' });
    expect([issued.length, ledger.length]).toEqual([0, 0]);
  });

  it('takes nothing but what was drafted', async () => {
    const [own, other] = [await newPhone(), await newPhone()];
    const [one, two] = [await pairing.invite(LI_MING), await pairing.invite(LI_MING)];
    await own.begin(one.code);
    const { payload } = creationOf(await other.begin(two.code), other.keys);
    const request = { code: one.code, payload, signature: new Uint8Array(64).fill(1) };
    await expect(pairing.complete(request)).rejects.toMatchObject({ code: 'signature_foreign' });
  });

  it('puts no DID on the ledger where the member may not appoint', async () => {
    const { complete } = await newPhone();
    const { code } = await pairing.invite(LI_MING);
    refusal = new AppError('permission_denied', { kind: 'denied', message: 'no' });
    await expect(complete(code)).rejects.toMatchObject({ code: 'permission_denied' });
    expect(ledger).toEqual([]);
    refusal = undefined;
    expect((await complete(code)).name).toBe('Li Ming');
  });

  it('invites nobody for an appointment that is over', async () => {
    await expect(pairing.invite({ ...LI_MING, until: NOW })).rejects.toMatchObject({
      code: 'inspection_request_invalid',
    });
  });
});
