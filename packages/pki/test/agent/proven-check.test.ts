import type { Bytes } from '@attestel/core';
import { createLedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import { beforeEach, describe, expect, it } from 'vitest';
import { createProvenCheck } from '../../src/agent/proven-check.ts';
import { certificateProofEndpoint } from '../../src/front/json/proof.endpoint.ts';
import { statusSetEndpoint } from '../../src/front/json/status-set.endpoint.ts';
import { type Certified, certify, serialOf } from '../ledger/devices.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';

let published: PublishedCell;
/** Nodes that answer; any other URL is a machine that is off. */
let nodes: Map<string, typeof fetch>;
let cell: Certified;
/** Paths that were asked for. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  published = await publishCell();
  cell = published.cell;
  nodes = new Map([['https://a.example', served()]]);
});

/** The endpoint without a server, as it answers now or, frozen, as it answered then. */
function served(answer?: Bytes): typeof fetch {
  const { ledger } = published.world;
  const [proof, set] = [certificateProofEndpoint(ledger), statusSetEndpoint(ledger)];
  return async (input) => {
    const url = new URL(String(input));
    asked.push(url.pathname);
    const hash = url.pathname.split('/')[4] ?? '';
    const { handle } = url.pathname === set.path ? set : proof;
    const response = await handle({
      ...{ method: 'GET', url, params: { hash }, headers: {}, body: new Uint8Array() },
      signal: new AbortController().signal,
    });
    return new Response((answer ?? response.body) as BodyInit, { status: response.status });
  };
}

const proven = () =>
  createProvenCheck({
    nodes: ['https://a.example', 'https://b.example'],
    fetch: async (input, init) => {
      const node = nodes.get(new URL(String(input)).origin);
      if (!node) throw new TypeError('connection refused');
      return node(input, init);
    },
    trust: {
      ...createLedgerTrust({
        policy: formatPolicy(published.world.policy),
        now: published.world.now,
        maxAgeSeconds: 60,
      }),
      cache: createCheckpointCache(),
    },
  });

const check = () => proven().check;

describe('a check by proofs', () => {
  it('takes what is published and in force, and nothing else', async () => {
    const one = check();
    expect(await one(cell.certificate)).toEqual({ ok: true });
    const rogue = await certify({ device: serialOf(1) });
    expect(await one(rogue.certificate)).toEqual({ ok: false, code: 'certificate_unknown' });
    await published.suspend();
    expect(await one(cell.certificate)).toEqual({ ok: false, code: 'certificate_suspended' });
  });

  it('goes on by the last proof while no node answers, and not beyond its age', async () => {
    const one = check();
    await one(cell.certificate);
    nodes.clear();
    published.world.later(59);
    expect(await one(cell.certificate)).toEqual({ ok: true });
    published.world.later(2);
    expect(await one(cell.certificate)).toEqual({ ok: false, code: 'checkpoint_stale' });
    expect(await check()(cell.certificate)).toEqual({ ok: false, code: 'pki_node_unreachable' });
  });

  it('does not wait again, tunnel by tunnel, for a node that has just not answered', async () => {
    let tried = 0;
    nodes = new Map([['https://b.example', served()]]);
    nodes.set('https://a.example', async () => {
      tried += 1;
      throw new TypeError('timed out');
    });
    const one = check();
    for (let i = 0; i < 5; i++) expect(await one(cell.certificate)).toEqual({ ok: true });
    expect(tried).toBe(1);
    published.world.later(6);
    await one(cell.certificate);
    expect(tried).toBe(2);
  });

  it('asks another node where one does not answer or lies', async () => {
    nodes = new Map([['https://b.example', served()]]);
    expect(await check()(cell.certificate)).toEqual({ ok: true });
    nodes.set('https://a.example', async () => new Response('good, believe me'));
    expect(await check()(cell.certificate)).toEqual({ ok: true });
  });

  it('passes over a node that shows what was before something it has seen', async () => {
    const { handle } = certificateProofEndpoint(published.world.ledger);
    const url = new URL('https://a.example/');
    const then = await handle({
      ...{ method: 'GET', url, params: { hash: Buffer.from(cell.hash).toString('hex') }, headers: {} },
      ...{ body: new Uint8Array(), signal: new AbortController().signal },
    });
    published.world.later(5);
    await published.suspend();
    const one = check();
    expect(await one(cell.certificate)).toEqual({ ok: false, code: 'certificate_suspended' });
    nodes.set('https://a.example', served(then.body as Bytes));
    expect(await one(cell.certificate)).toEqual({ ok: false, code: 'certificate_suspended' });
  });
});

describe('a check by the whole status set', () => {
  const prepared = async () => {
    const one = proven();
    const second = await published.publish(2);
    for (const { certificate } of [cell, second]) expect(await one.check(certificate)).toEqual({ ok: true });
    await one.refresh();
    asked = [];
    return { one, second };
  };
  const both = async ({ one, second }: Awaited<ReturnType<typeof prepared>>) =>
    Promise.all([cell, second].map(({ certificate }) => one.check(certificate)));

  it('asks one question for all certificates that it knows', async () => {
    const all = await prepared();
    expect(await both(all)).toEqual([{ ok: true }, { ok: true }]);
    expect(asked).toEqual([]);
    await all.one.refresh();
    await both(all);
    expect(asked).toEqual(['/v1/pki/status-set']);
  });

  it('asks again about one that the set marks, and says why it is not good', async () => {
    const all = await prepared();
    await published.suspend();
    await all.one.refresh();
    expect(await both(all)).toEqual([{ ok: false, code: 'certificate_suspended' }, { ok: true }]);
    expect(asked).toHaveLength(2);
  });

  it('asks about one of which something was heard, though the set is young', async () => {
    const { one } = await prepared();
    await published.suspend();
    expect(await one.check(cell.certificate)).toEqual({ ok: true });
    expect(await one.check(cell.certificate, { isUrgent: true })).toEqual({
      ok: false,
      code: 'certificate_suspended',
    });
  });

  it('answers without any node for all that it knows, as long as the set counts', async () => {
    const all = await prepared();
    published.world.later(50);
    await published.publish(3); // a newer checkpoint
    await all.one.refresh();
    nodes.clear();
    // The proofs of the certificates themselves are too old by now; the set is not.
    published.world.later(50);
    expect(await both(all)).toEqual([{ ok: true }, { ok: true }]);
    published.world.later(11);
    const stale = { ok: false, code: 'checkpoint_stale' };
    expect(await both(all)).toEqual([stale, stale]);
  });

  it('refuses, without any node, one that was marked since it was proven', async () => {
    const { one } = await prepared();
    published.world.later(1);
    await published.suspend();
    await one.refresh();
    nodes.clear();
    expect(await one.check(cell.certificate)).toEqual({ ok: false, code: 'pki_node_unreachable' });
  });

  it('ends all that stand under an anchor when that is suspended', async () => {
    const all = await prepared();
    const { world } = published;
    const anchor = world.pki.certificate(cell.hash)?.anchor as Uint8Array;
    const { operation } = world.pki.anchor(anchor) ?? { operation: null };
    const body = { anchor, reason: 'ca-compromise', voters: [world.v.did] };
    expect(await world.act('anchor.suspend', body, [world.v], operation)).toBeUndefined();
    await all.one.refresh();
    const ended = { ok: false, code: 'certificate_anchor-suspended' };
    expect(await both(all)).toEqual([ended, ended]);
  });
});
