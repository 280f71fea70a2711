import {
  createMemoryStore,
  type HttpRequest,
  type HttpResponse,
  type Signer,
  silentLogger,
  toBase64url,
} from '@attestel/core';
import { buildOperation, type Ledger, type LedgerModule, openLedger, proofCrypto } from '@attestel/ledger';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
  formatPolicy,
  parseNote,
} from '@attestel/proof';
import { anchorBody, createSubLedgers, subLedgerRoutes } from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Consortium,
  checkpointSigner,
  clock,
  notAfter,
  type Organisation,
  openConsortium,
  organisation,
} from '../consortium.ts';

const ORIGIN = 'ledger.test/gd';
const TIME = 1_800_000_000;

interface Cosigner {
  readonly name: string;
  readonly signer: Signer;
}

let a: Organisation;
let b: Organisation;
let stranger: Organisation;
let cosigners: Cosigner[];
let policy: string;
let logSigner: Signer;

const rawKey = ({ publicKey }: Signer) => publicKey.slice(2);
const keyName = ({ name }: Cosigner) => `${name}.test/witness`;

const policyOf = (quorum: number, origin = ORIGIN): string =>
  formatPolicy(
    createPolicy(
      {
        origin,
        logs: [],
        witnesses: cosigners.map((one) => ({
          name: one.name,
          keyName: keyName(one),
          publicKey: rawKey(one.signer),
        })),
        groups: [{ name: 'all', threshold: quorum, members: cosigners.map(({ name }) => name) }],
        quorum: 'all',
      },
      proofCrypto.sha256,
    ),
  );

/** A ledger of its own whose one module takes everything. */
const diary: LedgerModule = {
  name: 'diary',
  ordering: 'actor',
  checkStateless() {},
  apply(state, { payload }) {
    state.put(`entry/${payload.sequence}`, payload.body);
    return [];
  },
};

const openSub = async (origin = ORIGIN): Promise<Ledger> =>
  openLedger({
    network: 'sub',
    origin,
    modules: [diary],
    actorKeys: () => [a.signer.publicKey],
    store: createMemoryStore(),
    signer: logSigner,
    clock,
    logger: silentLogger,
    genesis: 'none',
  });

async function write(sub: Ledger, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const sequence = sub.sequence('diary', 'gd');
    const payload = { v: 1, network: 'sub', ns: 'main', module: 'diary', kind: 'note', actor: 'gd' } as const;
    const operation = await buildOperation({ ...payload, sequence, notAfter, body: { text } }, [a.signer]);
    const [result] = await sub.submit([operation]);
    expect(result?.ok).toBe(true);
  }
}

/** The head of a sub-ledger with cosignatures, as its members would put them there. */
async function noteOf(body: string, by: readonly Cosigner[] = cosigners): Promise<string> {
  const lines = by.map(async (one) => {
    const key = createVerifierKey(proofCrypto.sha256, {
      name: keyName(one),
      type: 'cosignature',
      publicKey: rawKey(one.signer),
    });
    const signature = await one.signer.sign(cosignatureMessage(body, TIME));
    return formatCosignature(key, { time: TIME, signature });
  });
  return formatNote(body, await Promise.all(lines));
}

const anchorOf = async (sub: Ledger, oldSize: number, by?: readonly Cosigner[]) =>
  anchorBody(sub, await noteOf(sub.head().body, by), oldSize);

async function registered(): Promise<Consortium> {
  const parent = await openConsortium([a, b]);
  const body = { origin: ORIGIN, policy };
  expect(await parent.govern('sub-ledger', 'register', body, [a, b])).toBeUndefined();
  return parent;
}

const send = (parent: Consortium, body: Parameters<Consortium['govern']>[2], kind = 'anchor') =>
  parent.govern('sub-ledger', kind, body, [a]);

beforeAll(async () => {
  [a, b, stranger] = [await organisation('sub-a'), await organisation('sub-b'), await organisation('sub-c')];
  logSigner = await checkpointSigner();
  cosigners = await Promise.all(
    ['party', 'regulator', 'platform'].map(async (name) => ({ name, signer: await checkpointSigner() })),
  );
  policy = policyOf(2);
});

describe('a sub-ledger', () => {
  it('is registered by votes, under a policy for its own origin', async () => {
    const parent = await openConsortium([a, b]);
    const register = (body: { origin: string; policy: string }, by: Organisation[]) =>
      parent.govern('sub-ledger', 'register', body, by);
    const body = { origin: ORIGIN, policy };
    expect(await register(body, [a])).toBe('registry_votes_missing');
    expect(await register({ ...body, policy: policyOf(2, 'ledger.test/hn') }, [a, b])).toBe(
      'sub_ledger_body_invalid /policy',
    );
    expect(await register({ ...body, policy: 'quorum none\n' }, [a, b])).toBe(
      'sub_ledger_body_invalid /policy',
    );
    expect(await register(body, [a, b])).toBeUndefined();
    expect(await register(body, [a, b])).toBe('sub_ledger_exists /origin');
    const sub = await openSub('ledger.test/hn');
    await write(sub, 'one');
    expect(await send(parent, { ...(await anchorOf(sub, 0)) })).toBe('sub_ledger_unknown /origin');
    await Promise.all([sub.close(), parent.ledger.close()]);
  });

  it('anchors as it grows; each anchor can be asked for, and the parent replays', async () => {
    const parent = await registered();
    const sub = await openSub();
    const sizes = [];
    for (const text of ['one', 'two', 'three']) {
      await write(sub, text, `${text} again`);
      expect(await send(parent, await anchorOf(sub, sizes.at(-1) ?? 0))).toBeUndefined();
      sizes.push(sub.head().size);
    }
    const ledgers = createSubLedgers(parent.ledger);
    const { root, state, size } = sub.head();
    expect(ledgers.subLedger(ORIGIN)).toMatchObject({
      anchor: { size, root, state, cosigned: TIME },
      fork: null,
    });
    expect(ledgers.lastAnchors(ORIGIN).map((anchor) => [anchor.size, anchor.previous])).toEqual([
      [sizes[2], sizes[1]],
      [sizes[1], sizes[0]],
      [sizes[0], null],
    ]);
    expect(ledgers.anchorAt(ORIGIN, size)?.root).toEqual(root);
    const ask = async (path: string, params: Record<string, string> = {}) => {
      const route = subLedgerRoutes(ledgers).find((one) => one.path === `/v1/sub-ledgers${path}`);
      const answer = (await route?.handle({ params } as unknown as HttpRequest)) as HttpResponse;
      return JSON.parse(answer.body as string);
    };
    expect(await ask('')).toMatchObject([{ origin: ORIGIN }]);
    expect(await ask('/:origin', { origin: ORIGIN })).toMatchObject({ anchor: { root: toBase64url(root) } });
    expect(await ask('/:origin/anchors', { origin: ORIGIN })).toMatchObject(
      [...sizes].reverse().map((size) => ({ size })),
    );
    await expect(ask('/:origin', { origin: 'ledger.test/hn' })).rejects.toMatchObject({
      code: 'sub_ledger_unknown',
    });
    expect(await parent.verify()).toMatchObject({ ok: true });
    await Promise.all([sub.close(), parent.ledger.close()]);
  });

  it('cannot rewrite or fork what it anchored', async () => {
    const parent = await registered();
    const sub = await openSub();
    await write(sub, 'one', 'two');
    const old = sub.head().size;
    expect(await send(parent, await anchorOf(sub, 0))).toBeUndefined();
    // Same keys, same origin, another past.
    const rewritten = await openSub();
    await write(rewritten, 'one', 'TWO', 'three');
    expect(await send(parent, await anchorOf(rewritten, old))).toBe('sub_ledger_forked /proof');
    await write(sub, 'three');
    const honest = await anchorOf(sub, old);
    const borrowed = { ...(await anchorOf(rewritten, old)), proof: honest.proof };
    expect(await send(parent, borrowed)).toBe('sub_ledger_forked /proof');
    expect(await send(parent, { ...honest, proof: honest.proof.slice(1) })).toBe('sub_ledger_forked /proof');
    expect(await send(parent, honest)).toBeUndefined();
    await Promise.all([sub.close(), rewritten.close(), parent.ledger.close()]);
  });

  it('goes on from its last anchor only, and grows', async () => {
    const parent = await registered();
    const sub = await openSub();
    await write(sub, 'one');
    const first = await anchorOf(sub, 0);
    expect(await send(parent, first)).toBeUndefined();
    expect(await send(parent, first)).toBe('sub_ledger_size_conflict /oldSize');
    expect(await send(parent, { ...first, oldSize: first.newSize, proof: [] })).toBe(
      'sub_ledger_not_newer /newSize',
    );
    const empty = await openSub();
    const smaller = { ...(await anchorOf(empty, 0)), oldSize: first.newSize };
    expect(await send(parent, smaller)).toBe('sub_ledger_not_newer /newSize');
    await Promise.all([sub.close(), empty.close(), parent.ledger.close()]);
  });

  it('needs the cosignatures of its policy over exactly what is anchored', async () => {
    const parent = await registered();
    const sub = await openSub();
    await write(sub, 'one');
    const [first, second] = cosigners as [Cosigner, Cosigner];
    const anchor = await anchorOf(sub, 0);
    const withNote = async (note: string | Promise<string>) => send(parent, { ...anchor, note: await note });
    const { body } = sub.head();
    expect(await withNote(noteOf(body, [first]))).toBe('sub_ledger_not_cosigned /note');
    expect(await withNote(noteOf(body, [first, first]))).toBe('sub_ledger_not_cosigned /note');
    expect(await withNote(noteOf(body, [first, { ...second, signer: first.signer }]))).toBe(
      'sub_ledger_not_cosigned /note',
    );
    const { signatures } = parseNote(anchor.note);
    const changed = body.replace(/^(.*\n)(\d+)/, '$1999');
    expect(await withNote(formatNote(changed, signatures))).toBe('sub_ledger_not_cosigned /note');
    expect(await withNote('no note')).toBe('sub_ledger_not_cosigned /note');
    expect(await withNote(noteOf(body.replace(ORIGIN, 'ledger.test/hn')))).toBe(
      'sub_ledger_not_cosigned /note',
    );
    expect(await send(parent, { ...anchor, newSize: anchor.newSize + 1 })).toBe(
      'sub_ledger_body_invalid /newSize',
    );
    expect(await send(parent, { ...anchor, root: new Uint8Array(32) })).toBe('sub_ledger_body_invalid /root');
    expect(await withNote(noteOf(body, [first, second]))).toBeUndefined();
    await Promise.all([sub.close(), parent.ledger.close()]);
  });

  it('is anchored by members only', async () => {
    const parent = await registered();
    const sub = await openSub();
    await write(sub, 'one');
    await parent.send(stranger.create);
    const anchor = await anchorOf(sub, 0);
    expect(await parent.govern('sub-ledger', 'anchor', anchor, [stranger])).toBe(
      'registry_not_member /actor',
    );
    await Promise.all([sub.close(), parent.ledger.close()]);
  });

  it('stops when a second checkpoint of an anchored size is shown, until its policy is set anew', async () => {
    const parent = await registered();
    const [sub, other] = [await openSub(), await openSub()];
    await write(sub, 'one', 'two');
    await write(other, 'one', 'TWO');
    const old = sub.head().size;
    expect(await send(parent, await anchorOf(sub, 0))).toBeUndefined();
    const show = async (shown: Ledger, by?: Cosigner[]) =>
      send(parent, { origin: ORIGIN, note: await noteOf(shown.head().body, by) }, 'fork');
    expect(await show(sub)).toBe('sub_ledger_no_fork /note');
    expect(await show(other, cosigners.slice(1, 2))).toBe('sub_ledger_not_cosigned /note');
    const evidence = await noteOf(other.head().body, cosigners.slice(0, 2));
    expect(await show(other, cosigners.slice(0, 2))).toBeUndefined();
    expect(createSubLedgers(parent.ledger).subLedger(ORIGIN)?.fork).toMatchObject({
      size: old,
      note: evidence,
    });
    await write(sub, 'three');
    expect(await send(parent, await anchorOf(sub, old))).toBe('sub_ledger_stopped /origin');
    const renewed = { origin: ORIGIN, policy: policyOf(3) };
    expect(await parent.govern('sub-ledger', 'policy', renewed, [a])).toBe('registry_votes_missing');
    // Whoever kept the evidence could stop it again, as often as it likes.
    expect(await parent.govern('sub-ledger', 'policy', { origin: ORIGIN, policy }, [b, a])).toBe(
      'sub_ledger_not_cured /policy',
    );
    expect(await parent.govern('sub-ledger', 'policy', renewed, [b, a])).toBeUndefined();
    expect(await show(other, cosigners.slice(0, 2))).toBe('sub_ledger_not_cosigned /note');
    expect(await send(parent, await anchorOf(sub, old, cosigners.slice(1)))).toBe(
      'sub_ledger_not_cosigned /note',
    );
    expect(await send(parent, await anchorOf(sub, old))).toBeUndefined();
    await Promise.all([sub.close(), other.close(), parent.ledger.close()]);
  });

  it('answers for its newest anchors without reading all there ever were', () => {
    const count = 5000;
    let reads = 0;
    const anchorAt = (size: number) => ({ size, previous: size > 1 ? size - 1 : null });
    const state = {
      get(key: string) {
        reads += 1;
        const size = /\|0*(\d+)$/.exec(key)?.[1];
        return size === undefined ? { origin: ORIGIN, anchor: anchorAt(count) } : anchorAt(Number(size));
      },
      *list() {
        for (let size = 1; size <= count; size += 1, reads += 1) yield ['', anchorAt(size)] as const;
      },
    };
    const last = createSubLedgers({ state: () => state } as never).lastAnchors(ORIGIN);
    expect(last).toHaveLength(1000);
    expect([last[0]?.size, last.at(-1)?.size]).toEqual([count, count - 999]);
    expect(reads).toBeLessThanOrEqual(1001);
  });

  it('has operations of strict form', async () => {
    const parent = await registered();
    const strict = (kind: string, body: Parameters<Consortium['govern']>[2]) =>
      parent.govern('sub-ledger', kind, body, [a]).catch((error: { code: string; field?: string }) => error);
    const code = 'sub_ledger_body_invalid';
    expect(await strict('fork', { origin: ORIGIN, note: 'x', more: 1 })).toMatchObject({
      code,
      field: '/more',
    });
    expect(await strict('fork', { origin: 'Ledger', note: 'x' })).toMatchObject({ code, field: '/origin' });
    expect(await strict('toString', {})).toMatchObject({ code: 'sub_ledger_kind_unknown' });
    await parent.ledger.close();
  });
});
