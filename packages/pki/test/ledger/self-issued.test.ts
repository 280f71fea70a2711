import { type Bytes, isAppError } from '@attestel/core';
import { buildOperation } from '@attestel/ledger';
import {
  type BatchTerms,
  buildSubmission,
  type CertificateRole,
  certificateHash,
  type SubmittedItem,
} from '@attestel/pki';
import { EKU, parseCertificate, writeExtension } from '@attestel/x509';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Certified, certify, type Evidence, freshKey, itemOf, prove, serialOf } from './devices.ts';
import {
  admitVendor,
  authorise,
  DAY,
  NETWORK,
  openWorld,
  type Party,
  START,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

let world: World;
let anchor: Bytes;
let what: BatchTerms;
let batch: Bytes;

beforeEach(async () => {
  world = await openWorld();
  anchor = await admitVendor(world);
  what = terms(world, anchor);
  batch = await authorise(world, what);
});

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
  ...{ batch: { vendor: world.v.did, terms: what }, source: null },
  ...more,
});

/** Code of the refusal, or undefined. */
async function submit(
  items: readonly SubmittedItem[],
  more: {
    role?: CertificateRole;
    challenge?: Bytes;
    by?: Party;
    signer?: Party;
    evidence?: Partial<Evidence>;
  } = {},
): Promise<string | undefined> {
  const by = more.by ?? world.v;
  try {
    const { operation } = await buildSubmission({
      ...{
        network: NETWORK,
        submitter: by.did,
        role: more.role ?? 'small-cell',
        challenge: more.challenge ?? batch,
      },
      ...{ evidence: evidence(more.evidence), items, notAfter: world.notAfter() },
      signers: [(more.signer ?? by).signer],
    });
    return await world.send(operation);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

const cell = (number = 1, more = {}): Promise<Certified> => certify({ device: serialOf(number), ...more });

const submitted = async (made: Certified): Promise<string | undefined> =>
  submit([itemOf(made, world.v, batch)]);

describe('a self-signed cell under a vendor batch', () => {
  it('is published, found by its hash, and counted', async () => {
    const made = await cell();
    expect(await submitted(made)).toBeUndefined();
    expect(world.pki.check(made.certificate)).toMatchObject({ verdict: 'good' });
    expect(world.pki.certificate(made.hash)).toMatchObject({ index: 0, role: 'small-cell', anchor, batch });
    expect(world.pki.batch(batch)?.used).toBe(1);
    expect(world.last()[0]?.data).toMatchObject({ accepted: 1, rejected: [], first: 0 });
  });

  it.each(['rsa', 'ed25519', 'p384'] as const)('may have a key of kind %s', async (kind) => {
    const made = await cell(1, { key: freshKey(kind) });
    expect(await submitted(made)).toBeUndefined();
  });

  it('is found by issuer and serial', async () => {
    const made = await cell();
    await submitted(made);
    const { issuer, serial } = parseCertificate(made.certificate);
    expect(world.pki.byIssuerAndSerial(issuer, serial)).toEqual(made.hash);
    expect(world.pki.byIssuerAndSerial(issuer, Uint8Array.of(1))).toBeUndefined();
  });

  it('says nothing of its serial in the log', async () => {
    await submitted(await cell(42));
    const log = [...world.ledger.entries(0, 100)].map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    expect(log.filter((entry) => entry.includes(serialOf(42)))).toEqual([]);
  });

  it('replays to the same state, also after its attachment was erased', async () => {
    await submitted(await cell());
    expect(await world.verify()).toMatchObject({ ok: true, attachmentsMissing: 0 });
    await world.eraseAttachments();
    expect(await world.verify()).toMatchObject({ ok: true, attachmentsMissing: 6 });
  });
});

describe('possession', () => {
  it('is refused where another key signed [P2]', async () => {
    const made = await cell();
    const possession = prove(made, world.v, batch, freshKey());
    expect(await submit([itemOf(made, world.v, batch, { possession })])).toBe('pki_possession_invalid');
  });

  it('is not shown by a proof for another submitter, certificate or challenge: a stored one is worth nothing', async () => {
    const [made, other] = [await cell(), await cell(2)];
    const wrong = [
      prove(made, world.a, batch),
      prove({ ...other, key: made.key }, world.v, batch),
      prove(made, world.v, anchor),
    ];
    for (const possession of wrong) {
      expect(await submit([itemOf(made, world.v, batch, { possession })])).toBe('pki_possession_invalid');
    }
  });

  it('is refused over a challenge that was never drawn, is another member’s, or a day old', async () => {
    const made = await cell();
    const over = (challenge: Bytes) => submit([itemOf(made, world.v, challenge)], { challenge });
    expect(await over(new Uint8Array(32))).toBe('pki_possession_stale /challenge');
    const [drawn] = await drawn2();
    expect(await over(drawn.others)).toBe('pki_possession_stale /challenge');
    world.later(DAY + 60);
    expect(await over(drawn.own)).toBe('pki_possession_stale /challenge');
  });

  it('is shown over a challenge of the day', async () => {
    const [{ own }] = await drawn2();
    expect(await submit([itemOf(await cell(), world.v, own)], { challenge: own })).toBeUndefined();
  });

  /** One challenge of the vendor and one of somebody else. */
  async function drawn2(): Promise<readonly [{ readonly own: Bytes; readonly others: Bytes }]> {
    const draw = async (by: Party): Promise<Bytes> => {
      expect(await world.act('challenge', { salt: new Uint8Array(32).fill(7) }, [by])).toBeUndefined();
      return world.last()[0]?.data.challenge as Bytes;
    };
    return [{ own: await draw(world.v), others: await draw(world.a) }];
  }
});

describe('the certificate', () => {
  it('is refused with an RSA key of 1024 bits [P2]', async () => {
    expect(await submitted(await cell(1, { key: freshKey('rsa-1024') }))).toBe('key_too_small');
  });

  it('is refused when it is valid for thirty years, and for a day more than allowed [P2]', async () => {
    const notBefore = START - 3600;
    const until = (days: number) => cell(1, { notBefore, notAfter: notBefore + days * DAY - 1 });
    expect(await submitted(await until(30 * 365))).toBe('pki_lifetime');
    expect(await submitted(await until(399))).toBe('pki_lifetime');
    expect(await submitted(await until(398))).toBeUndefined();
  });

  it('is refused outside the serials of the batch, and of the vendor [P2]', async () => {
    expect(await submitted(await cell(101))).toBe('pki_outside_range');
    expect(await submitted(await certify({ device: 'ZZ-1' }))).toBe('pki_outside_range');
    const san = [{ kind: 'uri', value: 'urn:example:thing:1' }] as const;
    const thing = await certify({ device: null, san, usages: [EKU.clientAuth] });
    expect(await submit([itemOf(thing, world.v, batch)], { role: 'iot-thing' })).toBe(
      'pki_device_serial_missing',
    );
  });

  it('is refused with a serial, key or device that is published already [P2]', async () => {
    const serial = Uint8Array.of(0x40, 1, 2);
    const key = freshKey();
    await submitted(await cell(1, { serial, key }));
    expect(await submitted(await cell(1))).toBe('pki_device_taken /items/0');
    expect(await submitted(await cell(2, { key }))).toBe('pki_key_taken /items/0');
    // The issuer of a self-signed certificate is its subject: the same name again.
    expect(await submitted(await cell(1, { serial }))).toBe('pki_serial_taken /items/0');
  });

  it('is refused a second time', async () => {
    const made = await cell();
    await submitted(made);
    expect(await submitted(made)).toBe('pki_certificate_exists /items/0');
  });

  it('is refused before and after its validity, by block time', async () => {
    const later = await cell(1, { notBefore: START + DAY });
    expect(await submitted(later)).toBe('pki_certificate_not_yet /items/0');
    expect(await submitted(await cell(1, { notAfter: START - 10 }))).toBe('pki_certificate_expired /items/0');
  });

  it('is refused with a critical extension that nobody knows', async () => {
    const unknown = writeExtension('1.3.6.1.4.1.99999.1', true, Uint8Array.of(5, 0));
    expect(await submitted(await cell(1, { extensions: [unknown] }))).toBe('extension_critical_unknown');
  });

  it('is refused when it is a CA or no certificate', async () => {
    expect(await submitted(await cell(1, { ca: true }))).toBe('profile_ca');
    const junk = { ...(await cell()), certificate: Uint8Array.of(0x30, 0x03, 1, 2, 3) };
    const item = itemOf({ ...junk, hash: certificateHash(junk.certificate) }, world.v, batch);
    expect(await submit([item])).toMatch(/^der_/);
  });

  it('is refused when its signature is not by its own key', async () => {
    const made = await cell();
    const forged = made.certificate.slice();
    forged[forged.length - 1] = (forged.at(-1) as number) ^ 1;
    const item = itemOf({ ...made, certificate: forged, hash: certificateHash(forged) }, world.v, batch);
    expect(await submit([item])).toBe('path_untrusted');
  });

  it('is refused when it signs itself and no batch covers it', async () => {
    const made = await cell();
    const uncovered = { evidence: { batch: null }, challenge: batch };
    expect(await submit([itemOf(made, world.v, batch)], uncovered)).toBe('pki_self_signed');
  });

  it('is refused with a name of an operator, which no vendor may write', async () => {
    const san = [{ kind: 'dns', value: 'cell1.mnc000.mcc460.3gppnetwork.org' }] as const;
    expect(await submitted(await cell(1, { san }))).toBe('pki_outside_namespace');
  });
});

describe('a submission of many', () => {
  it('publishes what is right and names what is wrong, which spoils only itself', async () => {
    const key = freshKey();
    const made = await Promise.all([
      cell(1),
      cell(2, { key: freshKey('rsa-1024') }),
      cell(3, { key }),
      cell(101),
      cell(4, { key }),
      cell(5),
    ]);
    const items = made.map((one) => itemOf(one, world.v, batch));
    items[5] = { ...(items[5] as SubmittedItem), possession: prove(made[5] as Certified, world.v, anchor) };
    expect(await submit(items)).toBeUndefined();
    expect(world.last()[0]?.data).toMatchObject({
      accepted: 2,
      rejected: [
        [1, 'key_too_small'],
        [3, 'pki_outside_range'],
        [4, 'pki_key_taken'],
        [5, 'pki_possession_invalid'],
      ],
    });
    expect(made.map((one) => world.pki.check(one.certificate).verdict)).toEqual([
      ...['good', 'unknown', 'good', 'unknown', 'unknown', 'unknown'],
    ]);
    expect(world.pki.batch(batch)?.used).toBe(2);
  });

  it('fills a batch and no more', async () => {
    what = terms(world, anchor, { number: 'PO-2', count: 2 });
    batch = await authorise(world, what);
    const made = await Promise.all([cell(1), cell(2), cell(3)]);
    expect(await submit(made.map((one) => itemOf(one, world.v, batch)))).toBeUndefined();
    expect(world.last()[0]?.data).toMatchObject({ accepted: 2, rejected: [[2, 'pki_batch_full']] });
    expect(await submitted(await cell(4))).toBe('pki_batch_full /batch');
  });

  it('is refused when the body says what the attachment does not prove', async () => {
    const made = await cell();
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch },
      ...{ evidence: evidence(), items: [itemOf(made, world.v, batch)], notAfter: world.notAfter() },
      signers: [world.v.signer],
    });
    const other = await cell(2);
    const [, , , , ...rest] = (operation.payload.body as unknown as { items: [Bytes[]] }).items[0];
    const forged = await buildOperation(
      {
        ...operation.payload,
        body: {
          ...operation.payload.body,
          items: [[other.hash, other.hash, other.hash, other.hash, ...rest]],
        } as typeof operation.payload.body,
      },
      [world.v.signer],
      operation.attachment,
    );
    expect(await world.send(forged)).toBe('pki_facts_unproven /items/0');
    const body = { ...operation.payload.body, items: ['pki_lifetime'] };
    const nothing = await buildOperation(
      { ...operation.payload, body },
      [world.v.signer],
      operation.attachment,
    );
    expect(await world.send(nothing)).toBe('pki_nothing_accepted /items');
    const bare = await buildOperation(operation.payload, [world.v.signer], null);
    expect(await world.send(bare)).toBe('pki_attachment_invalid /attachment');
  });
});

describe('a batch authorisation', () => {
  it('ends at its expiry', async () => {
    world.later(30 * DAY);
    expect(await submitted(await cell())).toBe('pki_batch_expired /batch');
  });

  it('is used by its vendor, its line and its destination, and by nobody else', async () => {
    what = terms(world, anchor, {
      number: 'PO-3',
      line: world.stranger.signer.publicKey,
      destination: world.b.did,
    });
    batch = await authorise(world, what);
    const by = async (number: number, party: Party, signer = party) =>
      submit([itemOf(await cell(number), party, batch)], { by: party, signer });
    expect(await by(1, world.v, world.stranger)).toBeUndefined();
    expect(await by(2, world.b)).toBeUndefined();
    expect(await by(3, world.a)).toBe('pki_batch_destination');
    expect(await by(3, world.b, world.stranger)).toBe('pki_actor_unsigned /signatures');
    expect(await by(3, world.stranger)).toBe('pki_not_member /actor');
  });

  it('is the vendor’s own, within its serials and its numbers, ahead of its end, once', async () => {
    const wrong = (more: Partial<BatchTerms>, by = world.v) =>
      world.act('batch.authorise', terms(world, anchor, { number: 'X', ...more }), [by]);
    const serials = what.serials;
    expect(await wrong({}, world.w)).toBe('pki_anchor_not_yours /anchor');
    expect(await wrong({}, world.a)).toBe('pki_role');
    expect(await wrong({ serials: { ...serials, prefix: 'ZZ' } })).toBe('pki_outside_range /serials');
    expect(await wrong({ count: 101 })).toBe('pki_outside_range /count');
    expect(await wrong({ expiry: world.now() })).toBe('pki_batch_expired /expiry');
    expect(await wrong({ anchor: batch })).toBe('pki_anchor_unknown /anchor');
    expect(await world.act('batch.authorise', what, [world.v])).toBe('pki_batch_exists');
  });

  it('is suspended at once and resumed by votes', async () => {
    const last = () => world.pki.batch(batch)?.operation ?? null;
    const made = await cell();
    await submitted(made);
    const stop = { batch, reason: 'clone-detected' };
    expect(await world.act('batch.suspend', stop, [world.w], last())).toBe('pki_batch_destination');
    expect(await world.act('batch.suspend', stop, [world.v], null)).toBe('pki_previous /payload/previous');
    expect(await world.act('batch.suspend', stop, [world.v], last())).toBeUndefined();
    expect(await world.act('batch.suspend', stop, [world.v], last())).toBe('pki_batch_standing');
    expect(await submitted(await cell(2))).toBe('pki_batch_suspended /batch');
    expect(world.pki.check(made.certificate).verdict).toBe('batch-suspended');
    const go = (voters: Party[]) => ({ batch, voters: voters.map(({ did }) => did) });
    const { a, b, v } = world;
    expect(await world.act('batch.resume', go([v]), [v], last())).toBe('pki_votes_missing');
    expect(await world.act('batch.resume', go([a, b]), [v, a, b], last())).toBeUndefined();
    expect(world.pki.check(made.certificate).verdict).toBe('good');
  });
});

describe('a renewal', () => {
  it('takes the place of the device’s certificate, which stays good for a day', async () => {
    const [old, next] = [await cell(), await cell()];
    await submitted(old);
    expect(await submit([itemOf(next, world.v, batch, { replaces: old.hash })])).toBeUndefined();
    expect(world.pki.check(old.certificate).verdict).toBe('good');
    world.later(DAY);
    await submitted(await cell(9)); // a block of that time
    expect(world.pki.check(old.certificate)).toMatchObject({ verdict: 'superseded' });
    expect(world.pki.certificate(old.hash)?.successor).toEqual(next.hash);
    expect(world.pki.check(next.certificate).verdict).toBe('good');
  });

  it('is refused for another device, a revoked one, a suspended one, and twice', async () => {
    const [one, two] = [await cell(1), await cell(2)];
    await submit([one, two].map((made) => itemOf(made, world.v, batch)));
    const renew = async (number: number, replaces: Bytes) =>
      submit([itemOf(await cell(number), world.v, batch, { replaces })]);
    expect(await renew(1, two.hash)).toBe('pki_replaces_other /items/0');
    expect(await renew(3, two.hash)).toBe('pki_replaces_other /items/0');
    expect(await renew(1, batch)).toBe('pki_replaces_unknown /items/0');
    const body = (made: Certified) => ({ certificates: [made.hash], reason: 'key-compromise' });
    await world.act('status.suspend', body(one), [world.v]);
    expect(await renew(1, one.hash)).toBe('pki_not_good /items/0');
    await world.act('status.revoke', { ...body(one), voters: null }, [world.v]);
    expect(await renew(1, one.hash)).toBe('pki_status_final /items/0');
    expect(await renew(2, two.hash)).toBeUndefined();
    expect(await renew(2, two.hash)).toBe('pki_replaces_other /items/0');
  });
});
