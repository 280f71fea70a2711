import type { Bytes } from '@attestel/core';
import { createLedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import { beforeEach, describe, expect, it } from 'vitest';
import { createProvenCheck } from '../../src/agent/proven-check.ts';
import { certificateProofEndpoint } from '../../src/front/json/proof.endpoint.ts';
import { type Certified, certify, serialOf } from '../ledger/devices.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';

let published: PublishedCell;
/** Nodes that answer; any other URL is a machine that is off. */
let nodes: Map<string, typeof fetch>;
let cell: Certified;

beforeEach(async () => {
  published = await publishCell();
  cell = published.cell;
  nodes = new Map([['https://a.example', served()]]);
});

/** The endpoint without a server, as it answers now or, frozen, as it answered then. */
function served(answer?: Bytes): typeof fetch {
  const { handle } = certificateProofEndpoint(published.world.ledger);
  return async (input) => {
    const url = new URL(String(input));
    const hash = url.pathname.split('/')[4] ?? '';
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
    let asked = 0;
    nodes = new Map([['https://b.example', served()]]);
    nodes.set('https://a.example', async () => {
      asked += 1;
      throw new TypeError('timed out');
    });
    const one = check();
    for (let i = 0; i < 5; i++) expect(await one(cell.certificate)).toEqual({ ok: true });
    expect(asked).toBe(1);
    published.world.later(6);
    await one(cell.certificate);
    expect(asked).toBe(2);
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
