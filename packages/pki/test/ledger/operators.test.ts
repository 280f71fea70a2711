import { type Bytes, isAppError } from '@attestel/core';
import {
  anchorIdOf,
  type BatchTerms,
  buildSubmission,
  type CertificateRole,
  type Scope,
  SUSPENSION_SECONDS,
  type SubmittedItem,
} from '@attestel/pki';
import { EKU, extension, type GeneralName, parseCertificate } from '@attestel/x509';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Certified, certify, type Evidence, itemOf, prove, serialOf } from './devices.ts';
import {
  admission,
  admitVendor,
  authorise,
  DAY,
  NETWORK,
  openWorld,
  operatorScope,
  type Party,
  START,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

interface Operator {
  readonly party: Party;
  readonly root: Certified;
  readonly scope: Scope;
  readonly anchor: Bytes;
  challenge: Bytes;
}

let world: World;
let a: Operator;
let b: Operator;

async function operator(party: Party, mnc: string, slices: string[], more: object = {}): Promise<Operator> {
  const root = await certify({ ca: true, commonName: `CA ${mnc}`, notAfter: START + 3650 * DAY });
  const scope = operatorScope(party, mnc, slices);
  const other = party === world.a ? world.b : world.a;
  const body = admission(world, scope, [party, other], { certificate: root.certificate, ...more });
  expect(await world.act('anchor.admit', body, [party, other])).toBeUndefined();
  await world.act('challenge', { salt: new Uint8Array(32) }, [party]);
  const challenge = world.last()[0]?.data.challenge as Bytes;
  return { party, root, scope, anchor: anchorIdOf(root.certificate, scope), challenge };
}

beforeEach(async () => {
  world = await openWorld();
  a = await operator(world.a, '000', ['01-000001']);
  b = await operator(world.b, '001', ['01-000001']);
});

const evidence = ({ root, scope, party }: Operator, more: Partial<Evidence> = {}): Evidence => ({
  ...{ anchor: root.certificate, scope, intermediates: [], tokenKey: tokenKeyOf(party) },
  ...{ batch: null, source: null },
  ...more,
});

async function submit(
  by: Operator,
  role: CertificateRole,
  items: readonly SubmittedItem[],
  more: Partial<Evidence> = {},
): Promise<string | undefined> {
  try {
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: by.party.did, role, challenge: by.challenge },
      ...{ evidence: evidence(by, more), items, notAfter: world.notAfter() },
      signers: [by.party.signer],
    });
    return await world.send(operation);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

const keyId = ({ certificate }: Certified): Bytes => parseCertificate(certificate).extensions.ski as Bytes;
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const uri = (value: string): GeneralName => ({ kind: 'uri', value });
const issue = ({ root }: Operator, name: string, more: object = {}): Promise<Certified> =>
  certify({ device: null, commonName: name, issuer: root, san: [dns(name)], ...more });
const gatewayName = 'segw1.mnc000.mcc460.3gppnetwork.org';

async function gatewayOf(by: Operator, name = gatewayName): Promise<Certified> {
  const made = await issue(by, name);
  expect(await submit(by, 'security-gateway', [itemOf(made, by.party, by.challenge)])).toBeUndefined();
  return made;
}

describe('a certificate of an operator’s CA', () => {
  it('is published under its anchor', async () => {
    const made = await gatewayOf(a);
    expect(world.pki.certificate(made.hash)).toMatchObject({ role: 'security-gateway', anchor: a.anchor });
    expect(world.pki.check(made.certificate).verdict).toBe('good');
  });

  it('is refused under another anchor than its own, and with names of another operator', async () => {
    const foreign = await issue(b, gatewayName);
    expect(await submit(a, 'security-gateway', [itemOf(foreign, a.party, a.challenge)])).toBe(
      'path_untrusted',
    );
    const named = await issue(a, 'segw1.mnc001.mcc460.3gppnetwork.org');
    expect(await submit(a, 'security-gateway', [itemOf(named, a.party, a.challenge)])).toBe(
      'pki_outside_namespace',
    );
  });

  it('is refused when somebody else submits it', async () => {
    const made = await issue(a, gatewayName);
    const thief = { ...a, party: world.b, challenge: b.challenge };
    const withKey = { tokenKey: tokenKeyOf(world.a) };
    expect(await submit(thief, 'security-gateway', [itemOf(made, world.b, b.challenge)], withKey)).toBe(
      'pki_anchor_not_yours /anchor',
    );
  });

  it('is refused for a slice or a role that the anchor does not have', async () => {
    const nf = (slice: string) =>
      issue(a, 'smf.mnc000.mcc460.3gppnetwork.org', {
        san: [uri(`urn:attestel:snssai:${slice}`)],
        usages: [EKU.serverAuth],
        extensions: [extension.nfTypes(['SMF']), extension.aki({ keyId: new Uint8Array(keyId(a.root)) })],
      });
    const item = async (slice: string) => [itemOf(await nf(slice), a.party, a.challenge)];
    expect(await submit(a, 'network-function', await item('02'))).toBe('pki_outside_namespace');
    expect(await submit(a, 'network-function', await item('01-000001'))).toBeUndefined();
    expect(await submit(a, 'iot-thing', await item('01-000001'))).toBe('pki_role_not_allowed');
  });

  it('is refused under an anchor whose notice is not over: a new root is not used early [P5]', async () => {
    const from = world.now() + DAY + 60;
    const next = await operator(world.a, '000', ['01-000001'], { from });
    const item = async () => [itemOf(await issue(next, gatewayName), next.party, next.challenge)];
    expect(await submit(next, 'security-gateway', await item())).toBe('pki_anchor_not_yet /anchor');
    world.later(DAY + 60);
    await world.act('challenge', { salt: new Uint8Array(32) }, [world.a]);
    next.challenge = world.last()[0]?.data.challenge as Bytes;
    expect(await submit(next, 'security-gateway', await item())).toBeUndefined();
  });

  it('is refused under a suspended anchor, and what stands under it is not good', async () => {
    const made = await gatewayOf(a);
    const stop = { anchor: a.anchor, reason: 'ca-compromise', voters: [world.a.did] };
    await world.act('anchor.suspend', stop, [world.a], world.pki.anchor(a.anchor)?.operation ?? null);
    const item = itemOf(await issue(a, gatewayName), a.party, a.challenge);
    expect(await submit(a, 'security-gateway', [item])).toBe('pki_anchor_suspended /anchor');
    expect(world.pki.check(made.certificate).verdict).toBe('anchor-suspended');
  });
});

it('a submission under another scope than the anchor’s is refused', async () => {
  const made = await issue(a, gatewayName);
  const wider = { scope: { ...a.scope, plmns: [...a.scope.plmns, '46099'] } };
  expect(await submit(a, 'security-gateway', [itemOf(made, a.party, a.challenge)], wider)).toBe(
    'pki_anchor_scope /scope',
  );
});

it('an operation of an unknown kind is refused, also by a name of the language', async () => {
  for (const kind of ['anchor.crown', 'toString', '__proto__']) {
    await expect(world.act(kind, {}, [world.a])).rejects.toMatchObject({
      code: kind === '__proto__' ? expect.any(String) : 'pki_kind_unknown',
    });
  }
});

describe('a cell’s certificate of an operator', () => {
  let batch: Bytes;
  let made: Certified;
  const source = () => ({
    ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], chained: false },
    delivered: false,
  });
  const enrol = async (by: Operator, origin: Certified, change: Partial<SubmittedItem> = {}) => {
    const cell = await issue(by, `cell1.${by.scope.dns[0]}`);
    const signature = prove({ ...cell, key: origin.key }, by.party, by.challenge);
    const item = itemOf(cell, by.party, by.challenge, {
      origin: { certificate: origin.certificate, signature },
      ...change,
    });
    return { cell, refusal: await submit(by, 'small-cell', [item], { source: source() }) };
  };

  /** Published by its vendor under a batch. */
  const publishDevice = async (number: number, more: Partial<BatchTerms> = {}): Promise<Certified> => {
    const what = terms(world, anchorIdOf(null, vendorScope(world.v)), { number: `PO-${number}`, ...more });
    batch = await authorise(world, what);
    const device = await certify({ device: serialOf(number) });
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch },
      evidence: {
        ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
        ...{ batch: { vendor: world.v.did, terms: what }, source: null },
      },
      ...{ items: [itemOf(device, world.v, batch)], notAfter: world.notAfter(), signers: [world.v.signer] },
    });
    expect(await world.send(operation)).toBeUndefined();
    return device;
  };

  beforeEach(async () => {
    await admitVendor(world);
    made = await publishDevice(1);
  });

  it('shows it without that certificate’s key only where the vendor’s batch is for its operator', async () => {
    const unsigned = async (
      by: Operator,
      origin: Certified,
      more: { signature?: Bytes; chained?: boolean } = {},
    ) => {
      const { signature = null, chained = false } = more;
      const item = itemOf(await issue(by, `cell2.${by.scope.dns[0]}`), by.party, by.challenge, {
        origin: { certificate: origin.certificate, signature },
      });
      return submit(by, 'small-cell', [item], { source: { ...source(), chained, delivered: true } });
    };
    expect(await unsigned(a, made)).toBe('pki_batch_destination /items/0');
    const forA = await publishDevice(2, { destination: world.a.did });
    expect(await unsigned(b, forA)).toBe('pki_batch_destination /items/0');
    expect(await unsigned(a, forA, { signature: new Uint8Array(64) })).toBe('pki_origin_invalid');
    expect(await unsigned(a, await certify({ device: serialOf(3) }))).toBe('pki_origin_invalid /items/0');
    expect(await unsigned(a, forA)).toBeUndefined();
  });

  it('shows by the vendor’s certificate where the device comes from', async () => {
    expect((await enrol(a, made)).refusal).toBeUndefined();
    expect((await enrol(a, made)).refusal).toBe('pki_device_taken /items/0');
    expect((await enrol(b, made)).refusal).toBeUndefined();
  });

  it('is refused without an origin, one that is not published, or one that another key vouches for', async () => {
    expect((await enrol(a, made, { origin: null })).refusal).toBe('pki_origin_missing');
    const copy = await certify({ device: serialOf(2) });
    expect((await enrol(a, copy)).refusal).toBe('pki_origin_invalid /items/0');
    const stolen = { ...made, key: copy.key };
    expect((await enrol(a, stolen)).refusal).toBe('pki_origin_invalid');
  });

  it('is refused when the vendor suspended the device', async () => {
    await world.act('status.suspend', { certificates: [made.hash], reason: 'clone-detected' }, [world.v]);
    expect((await enrol(a, made)).refusal).toBe('pki_origin_invalid /items/0');
  });

  it('is refused under a source that is no vendor’s anchor', async () => {
    const item = itemOf(await issue(a, gatewayName), a.party, a.challenge);
    const wrong = {
      source: {
        anchor: b.root.certificate,
        scope: b.scope,
        intermediates: [],
        chained: true,
        delivered: false,
      },
    };
    expect(await submit(a, 'security-gateway', [item], wrong)).toBe('pki_anchor_kind /source/anchor');
  });

  describe('admitted to a gateway', () => {
    let cell: Certified;
    let gateway: Certified;
    const site = new Uint8Array(32).fill(9);
    const body = (more = {}) => ({
      cell: cell.hash,
      gateway: gateway.hash,
      site,
      until: world.now() + DAY,
      ...more,
    });
    beforeEach(async () => {
      ({ cell } = await enrol(a, made));
      gateway = await gatewayOf(a);
    });

    it('by the gateway’s operator, until a time, or until it is removed', async () => {
      expect(await world.act('cell.admit', body(), [world.a])).toBeUndefined();
      expect(world.pki.admissions(cell.hash, world.now())).toMatchObject([{ site, operator: world.a.did }]);
      expect(world.pki.admissions(cell.hash, world.now() + DAY)).toEqual([]);
      const end = { cell: cell.hash, gateway: gateway.hash, site, reason: 'unspecified' };
      expect(await world.act('cell.remove', end, [world.b])).toBe('pki_admission_unknown');
      expect(await world.act('cell.remove', end, [world.a])).toBeUndefined();
      expect(world.pki.admissions(cell.hash, world.now())).toEqual([]);
    });

    it('is refused for others’ gateways, what is no cell or gateway, and the past', async () => {
      expect(await world.act('cell.admit', body(), [world.b])).toBe('pki_gateway_not_yours /gateway');
      expect(await world.act('cell.admit', body(), [world.v])).toBe('pki_role');
      expect(await world.act('cell.admit', body({ cell: gateway.hash }), [world.a])).toBe('pki_cell_role');
      expect(await world.act('cell.admit', body({ gateway: cell.hash }), [world.a])).toBe('pki_gateway_role');
      expect(await world.act('cell.admit', body({ cell: site }), [world.a])).toBe(
        'pki_certificate_unknown /cell',
      );
      expect(await world.act('cell.admit', body({ until: world.now() }), [world.a])).toBe(
        'pki_until_invalid /until',
      );
    });

    it('is refused while the cell is suspended; the operator that admitted it may suspend it', async () => {
      const stop = { certificates: [made.hash], reason: 'clone-detected' };
      expect(await world.act('status.suspend', stop, [world.a])).toBe('pki_status_authority /certificates/0');
      await world.act('cell.admit', body({ cell: made.hash }), [world.a]);
      expect(await world.act('status.suspend', stop, [world.a])).toBeUndefined();
      expect(await world.act('cell.admit', body({ cell: made.hash }), [world.a])).toBe('pki_not_good /cell');
    });
  });
});

describe('the status of a certificate', () => {
  let made: Certified;
  const change = (kind: string, by: readonly Party[], more: object = {}) =>
    world.act(`status.${kind}`, { certificates: [made.hash], ...more }, by);
  const reason = 'key-compromise';
  const verdict = () => world.pki.check(made.certificate).verdict;
  const touch = () => world.act('challenge', { salt: new Uint8Array(32) }, [world.a]);
  beforeEach(async () => {
    made = await gatewayOf(a);
  });

  it('is suspended for 72 hours and good again when nobody decides', async () => {
    expect(await change('suspend', [world.b], { reason })).toBe('pki_status_authority /certificates/0');
    expect(await change('suspend', [world.a], { reason })).toBeUndefined();
    expect(verdict()).toBe('suspended');
    expect(await change('suspend', [world.a], { reason })).toBe('pki_status_same /certificates/0');
    world.later(SUSPENSION_SECONDS);
    await touch();
    expect(verdict()).toBe('good');
  });

  it('is resumed by the suspender and one more', async () => {
    await change('suspend', [world.a], { reason });
    const by = (...parties: Party[]) => change('resume', parties, { voters: parties.map(({ did }) => did) });
    expect(await by(world.a)).toBe('pki_votes_missing');
    expect(await by(world.b, world.c)).toBe('pki_status_authority /certificates/0');
    expect(await by(world.b, world.a)).toBeUndefined();
    expect(verdict()).toBe('good');
    expect(await by(world.b, world.a)).toBe('pki_status_same /certificates/0');
  });

  it('is revoked by the owner or by votes, for ever', async () => {
    const { a: own, b: other, c } = world;
    const revoke = (by: Party[], voters: Party[] | null = null) =>
      change('revoke', by, { reason, voters: voters?.map(({ did }) => did) ?? null });
    expect(await revoke([other])).toBe('pki_status_authority /certificates/0');
    expect(await revoke([other], [other])).toBe('pki_votes_missing');
    expect(await revoke([other, c], [other, c])).toBeUndefined();
    expect(verdict()).toBe('revoked');
    expect(await revoke([own])).toBe('pki_status_final /certificates/0');
    expect(await change('suspend', [own], { reason })).toBe('pki_status_final /certificates/0');
    const voters = [own.did, other.did];
    expect(await change('resume', [own, other], { voters })).toBe('pki_status_final /certificates/0');
    world.later(365 * DAY);
    await touch();
    expect(verdict()).toBe('revoked');
  });

  it('is superseded by another certificate of the owner, after an overlap', async () => {
    const next = await gatewayOf(a, 'segw2.mnc000.mcc460.3gppnetwork.org');
    const foreign = await gatewayOf(b, 'segw1.mnc001.mcc460.3gppnetwork.org');
    const by = (party: Party, successor: Bytes, overlap = 60) =>
      world.act('status.supersede', { certificate: made.hash, successor, overlap }, [party]);
    expect(await by(world.a, foreign.hash)).toBe('pki_successor_unknown /successor');
    expect(await by(world.a, made.hash)).toBe('pki_successor_unknown /successor');
    expect(await by(world.b, foreign.hash)).toBe('pki_status_authority /certificates/0');
    expect(await by(world.a, next.hash, 8 * DAY)).toBe('pki_until_invalid /overlap');
    expect(await by(world.a, next.hash)).toBeUndefined();
    expect(verdict()).toBe('good');
    expect(await change('suspend', [world.a], { reason })).toBe('pki_status_final /certificates/0');
    world.later(61);
    await touch();
    expect(verdict()).toBe('superseded');
    expect(await by(world.a, next.hash)).toBe('pki_status_final /certificates/0');
  });

  it('changes for all that are named or for none', async () => {
    const certificates = [made.hash, new Uint8Array(32)];
    expect(await world.act('status.suspend', { certificates, reason }, [world.a])).toBe(
      'pki_certificate_unknown /certificates/1',
    );
    expect(verdict()).toBe('good');
  });

  it('is answered for any day, as it was then [P6]', async () => {
    const published = world.now();
    world.later(10 * DAY);
    await change('suspend', [world.a], { reason });
    const suspended = world.now();
    world.later(DAY);
    await change('resume', [world.a, world.b], { voters: [world.a.did, world.b.did] });
    world.later(10 * DAY);
    await change('revoke', [world.a], { reason, voters: null });
    const at = (time: number) => world.pki.check(made.certificate, time).verdict;
    expect(
      [published - 1, published, suspended - 1, suspended, suspended + DAY, world.now() - 1].map(at),
    ).toEqual([...['unknown', 'good', 'good', 'suspended', 'good', 'good']]);
    expect(at(world.now())).toBe('revoked');
    expect(at(made.key ? START + 400 * DAY : 0)).toBe('revoked');
  });

  it('stands in the set of those that are not good', async () => {
    const other = await gatewayOf(a, 'segw2.mnc000.mcc460.3gppnetwork.org');
    await world.act('status.revoke', { certificates: [other.hash], reason, voters: null }, [world.a]);
    const set = world.pki.statusSet(world.now());
    expect(set).toMatchObject({ count: 2, notGood: [{ index: 1, status: 'revoked', reason }] });
  });
});

describe('a relation between two operators', () => {
  const body = (more: object = {}) => {
    const [first, second] = a.party.did < b.party.did ? [a, b] : [b, a];
    return {
      ...{ parties: [first.party.did, second.party.did], anchors: [[first.anchor], [second.anchor]] },
      ...{ nfTypes: ['SEPP', 'SMF'], slices: ['01-000001'], salt: new Uint8Array(16) },
      ...{ from: world.now() + 60, until: world.now() + DAY },
      ...more,
    };
  };
  const sign = (more: object = {}, by = [world.a, world.b]) => world.act('relation.sign', body(more), by);

  it('begins when both signed, holds until its end, and names the version of the trust list [P4]', async () => {
    expect(await sign()).toBeUndefined();
    const [relation] = world.pki.relations();
    expect(relation).toMatchObject({ slices: ['01-000001'], version: 3 });
    expect(world.pki.trustVersion()).toBe(3);
  });

  it('is refused when one party did not sign, or neither is the actor', async () => {
    expect(await sign({}, [world.a])).toMatch(/^pki_relation_unsigned/);
    expect(await sign({}, [world.c, world.a, world.b])).toBe('pki_relation_unsigned /parties');
  });

  it('is about anchors of the parties and their slices', async () => {
    const { anchors } = body() as unknown as { anchors: Bytes[][] };
    expect(await sign({ anchors: anchors.toReversed() })).toBe('pki_anchor_not_yours /anchors/0/0');
    expect(await sign({ anchors: [[new Uint8Array(32)], anchors[1] as Bytes[]] })).toBe(
      'pki_anchor_unknown /anchors/0/0',
    );
    expect(await sign({ slices: ['02'] })).toBe('pki_relation_slice /slices');
    expect(await sign({ until: world.now() })).toBe('pki_until_invalid /until');
  });

  it('is ended by either party, ahead of its end', async () => {
    await sign();
    const id = world.pki.relations()[0]?.id as Bytes;
    const end = (by: Party, until = world.now(), previous: Bytes | null = id) =>
      world.act('relation.end', { relation: id, until, reason: null }, [by], previous);
    expect(await end(world.c)).toBe('pki_relation_unsigned');
    expect(await end(world.b, world.now() + 2 * DAY)).toBe('pki_until_invalid /until');
    expect(await end(world.b, world.now(), null)).toBe('pki_previous /payload/previous');
    expect(await end(world.b)).toBeUndefined();
    const previous = world.pki.relation(id)?.operation ?? null;
    expect(await end(world.a, world.now(), previous)).toBe('pki_relation_ended');
    const nothing = { relation: a.anchor, until: world.now(), reason: null };
    expect(await world.act('relation.end', nothing, [world.a])).toBe('pki_relation_unknown /relation');
  });
});
