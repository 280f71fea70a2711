import type { Bytes } from '@attestel/core';
import { anchorIdOf, type Scope } from '@attestel/pki';
import { beforeEach, describe, expect, it } from 'vitest';
import { certify } from './devices.ts';
import { admission, DAY, openWorld, operatorScope, type Party, vendorScope, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const rootOf = async (): Promise<Bytes> =>
  (await certify({ ca: true, commonName: 'Root', notAfter: world.now() + 3650 * DAY })).certificate;

async function admit(
  scope: Scope,
  by: readonly Party[],
  more: Parameters<typeof admission>[3] & { voters?: readonly Party[] } = {},
): Promise<string | undefined> {
  const { voters = by, ...rest } = more;
  return world.act('anchor.admit', admission(world, scope, voters, rest), by);
}

const touch = async (): Promise<void> => {
  await world.act('challenge', { salt: new Uint8Array(32) }, [world.a]);
};

describe('an anchor', () => {
  it('is admitted by the votes of members and names its version of the trust list', async () => {
    const { a, b } = world;
    const certificate = await rootOf();
    expect(await admit(operatorScope(a, '000'), [a, b], { certificate })).toBeUndefined();
    expect(world.last()[0]?.data).toMatchObject({ owner: a.did, version: 1 });
    expect(world.pki.anchorsInForce(world.now())).toMatchObject([{ certificate, standing: 'in-force' }]);
    expect(await admit(operatorScope(a, '000'), [a, b], { certificate })).toBe('pki_anchor_exists');
  });

  it('that was due when it was signed begins with its block', async () => {
    const { a, b } = world;
    const past = { certificate: await rootOf(), from: world.now() - 60 };
    expect(await admit(operatorScope(a, '000'), [a, b], past)).toBeUndefined();
    expect(world.pki.anchors()).toMatchObject([{ from: world.now() }]);
    const over = { certificate: await rootOf(), until: world.now() };
    expect(await admit(operatorScope(b, '001'), [b, a], over)).toBe('pki_until_invalid /until');
  });

  it('is refused when its proposer alone approves k-of-n [P5]', async () => {
    const { a } = world;
    const alone = admit(operatorScope(a, '000'), [a], { certificate: await rootOf() });
    expect(await alone).toBe('pki_votes_missing');
  });

  it('is refused with a vote by somebody who is no member, or did not sign', async () => {
    const { a, b, stranger } = world;
    const certificate = await rootOf();
    const scope = operatorScope(a, '000');
    expect(await admit(scope, [a, b, stranger], { certificate })).toBe('pki_vote_not_member /voters/2');
    expect(await admit(scope, [a, b], { certificate, voters: [a, b, world.c] })).toBe(
      'pki_vote_unsigned /voters/2',
    );
    expect(await admit(scope, [stranger, a, b], { certificate, voters: [a, b] })).toBe(
      'pki_not_member /actor',
    );
  });

  it('is proposed by its owner, in the role it has', async () => {
    const { a, b, v } = world;
    const certificate = await rootOf();
    expect(await admit(operatorScope(a, '000'), [b, a], { certificate })).toBe(
      'pki_anchor_not_yours /scope/owner',
    );
    expect(await admit(operatorScope(v, '000'), [v, a, b], { certificate })).toBe('pki_role');
    expect(await admit(vendorScope(a), [a, b])).toBe('pki_role');
  });

  it('needs the votes of every member whose names it touches', async () => {
    const { a, b, c } = world;
    await admit(operatorScope(a, '000'), [a, b], { certificate: await rootOf() });
    const scope = operatorScope(b, '000');
    const later = { certificate: await rootOf(), from: world.now() + DAY + 60 };
    expect(await admit(scope, [b, c], later)).toBe('pki_affected_unsigned /voters');
    expect(await admit(scope, [b, c, a], later)).toBeUndefined();
  });

  it('is a CA’s certificate that may sign others; only a vendor may have none', async () => {
    const { a, b } = world;
    const scope = operatorScope(a, '000');
    const { certificate } = await certify();
    expect(await admit(scope, [a, b], { certificate })).toBe('profile_ca basicConstraints');
    const root = (await rootOf()).slice();
    root[root.length - 1] = (root.at(-1) as number) ^ 1;
    expect(await admit(scope, [a, b], { certificate: root })).toBe('pki_anchor_certificate');
    expect(await admit(scope, [a, b])).toBe('pki_body_invalid /certificate');
    expect(await admit(scope, [a, b], { certificate: Uint8Array.of(1) })).toMatch(/^der_/);
  });

  it('with names in any order but one, or serials of a vendor, is malformed', async () => {
    const { a, b } = world;
    const scope = operatorScope(a, '000');
    const certificate = await rootOf();
    const wrong = { certificate, from: world.now() };
    expect(await admit({ ...scope, plmns: ['46001', '46000'] }, [a, b], wrong).catch(codeOf)).toBe(
      'pki_body_invalid',
    );
    expect(await admit({ ...scope, serials: ['AC5G'] }, [a, b], wrong).catch(codeOf)).toBe(
      'pki_body_invalid',
    );
  });
});

const codeOf = (error: { code: string }): string => error.code;

describe('a change of trust that exists', () => {
  let old: Bytes;
  let next: Bytes;
  let scope: Scope;
  beforeEach(async () => {
    scope = operatorScope(world.a, '000');
    [old, next] = [await rootOf(), await rootOf()];
    await admit(scope, [world.a, world.b], { certificate: old });
  });

  it('is refused before its notice of a day is over [P5]', async () => {
    const { a, b } = world;
    const early = { certificate: next, from: world.now() + DAY - 1 };
    expect(await admit(scope, [a, b], early)).toBe('pki_notice_too_short /from');
    const replaces = { anchor: anchorIdOf(old, scope), until: world.now() + 3 * DAY };
    expect(await admit(scope, [a, b], { ...early, replaces })).toBe('pki_notice_too_short /from');
  });

  it('begins and ends on its dates, and never leaves a gap', async () => {
    const { a, b } = world;
    const from = world.now() + DAY + 10;
    const anchor = anchorIdOf(old, scope);
    const more = { certificate: next, from };
    const gap = { anchor, until: from - 1 };
    expect(await admit(scope, [a, b], { ...more, replaces: gap })).toBe('pki_until_invalid /replaces/until');
    const replaces = { anchor, until: from + DAY };
    expect(await admit(scope, [a, b], { ...more, replaces })).toBeUndefined();
    const at = (time: number) => world.pki.anchorsInForce(time).map(({ certificate }) => certificate);
    expect(at(from - 1)).toEqual([old]);
    expect(at(from)).toHaveLength(2);
    expect(at(from + DAY)).toEqual([next]);
  });

  it('is somebody’s own', async () => {
    const { b, a } = world;
    const from = world.now() + DAY + 10;
    const replaces = { anchor: anchorIdOf(old, scope), until: from };
    const own = operatorScope(b, '001');
    expect(await admit(own, [b, a], { certificate: next, from, replaces })).toBe(
      'pki_anchor_not_yours /replaces/anchor',
    );
    const unknown = { anchor: new Uint8Array(32), until: from };
    expect(await admit(own, [b, a], { certificate: next, from, replaces: unknown })).toBe(
      'pki_anchor_unknown /replaces/anchor',
    );
  });

  it('retires an anchor after notice, by its owner or by votes', async () => {
    const { a, b, c } = world;
    const anchor = anchorIdOf(old, scope);
    const last = () => world.pki.anchor(anchor)?.operation ?? null;
    const body = (until: number, voters: Party[]) => ({
      anchor,
      until,
      voters: voters.map(({ did }) => did),
    });
    const soon = world.now() + DAY - 1;
    expect(await world.act('anchor.retire', body(soon, [a]), [a], last())).toBe(
      'pki_notice_too_short /until',
    );
    const later = world.now() + 2 * DAY;
    expect(await world.act('anchor.retire', body(later, [b]), [b], last())).toBe('pki_votes_missing');
    expect(await world.act('anchor.retire', body(later, [b, c]), [b, c], null)).toBe(
      'pki_previous /payload/previous',
    );
    expect(await world.act('anchor.retire', body(later, [b, c]), [b, c], last())).toBeUndefined();
    expect(await world.act('anchor.retire', body(later, [a]), [a], last())).toBe('pki_until_invalid /until');
    world.later(2 * DAY);
    await touch();
    expect(world.pki.anchor(anchor)?.standing).toBe('ended');
    expect(await world.act('anchor.retire', body(later + DAY, [a]), [a], last())).toBe(
      'pki_anchor_ended /anchor',
    );
  });

  it('suspends an anchor at once by its owner, and resumes it by votes alone', async () => {
    const { a, b, c } = world;
    const anchor = anchorIdOf(old, scope);
    const last = () => world.pki.anchor(anchor)?.operation ?? null;
    const stop = { anchor, reason: 'ca-compromise', voters: [a.did] };
    const go = (voters: Party[]) => ({ anchor, voters: voters.map(({ did }) => did) });
    expect(await world.act('anchor.suspend', stop, [b], last())).toBe('pki_vote_unsigned /voters/0');
    expect(await world.act('anchor.suspend', stop, [a], last())).toBeUndefined();
    expect(await world.act('anchor.suspend', stop, [a], last())).toBe('pki_anchor_standing');
    expect(world.pki.anchorsInForce(world.now())).toEqual([]);
    expect(await world.act('anchor.resume', go([a]), [a], last())).toBe('pki_votes_missing');
    expect(await world.act('anchor.resume', go([b, c]), [b, c], last())).toBeUndefined();
    expect(await world.act('anchor.resume', go([b, c]), [b, c], last())).toBe('pki_anchor_standing');
    expect(await world.act('anchor.resume', { ...go([b, c]), anchor: new Uint8Array(32) }, [b, c])).toBe(
      'pki_anchor_unknown /anchor',
    );
  });
});
