import { createMemoryStore, toBase64url } from '@attestel/core';
import { formatNote, formatNoteSignature, parseNote } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { type Ledger, provesFork } from '../../src/index.ts';
import { signAsLog } from '../../src/log/sign-checkpoint.ts';
import {
  fetchAmong,
  openCosignNetwork,
  openFollower,
  type Reachable,
  urlOf,
} from '../fixtures/cosign-network.ts';
import {
  ANN,
  addition,
  checkpointSigner,
  ORIGIN,
  openTestLedger,
  trust,
} from '../fixtures/open-test-ledger.ts';

const filled = async (blocks: number): Promise<Ledger> => {
  const ledger = await openTestLedger();
  for (let i = 0; i < blocks; i++) await ledger.submit([await addition(ANN, i)]);
  return ledger;
};

/** Answers some requests itself. */
const fetchWith =
  (reachable: Reachable, own: (url: URL) => Promise<Response> | undefined): typeof fetch =>
  (input, init) =>
    own(new URL(String(input))) ?? fetchAmong(reachable)(input, init);

describe('a mirror that adds to a note', () => {
  it('puts no line into this node’s own notes: neither in the log’s name nor the log’s own twice', async () => {
    const one = await filled(2);
    const junk = (i: number): string =>
      formatNoteSignature({ name: ORIGIN, keyId: Uint8Array.of(9, 9, 9, i), signature: new Uint8Array(72) });
    const own = (note: string): string => note.slice(note.lastIndexOf('\n\n') + 2);
    const padded = (note: string): string =>
      note + own(note).repeat(2) + Array.from({ length: 60 }, (_, i) => junk(i)).join('');
    const lying: Ledger = {
      ...one,
      *blocks(from, limit) {
        for (const block of one.blocks(from, limit)) yield { ...block, checkpoint: padded(block.checkpoint) };
      },
    };
    const store = createMemoryStore();
    const reachable: Reachable = new Map([[urlOf('a'), lying]]);
    const b = await openFollower('b', reachable, { store });
    await b.follow();
    expect(b.head().height).toBe(2);
    expect(parseNote(b.head().checkpoint).signatures.map(({ name }) => name)).toEqual([ORIGIN, 'b.example']);
    expect((await openFollower('b', reachable, { store })).head().height).toBe(2);
  });
});

describe('a mirror that answers without end', () => {
  it('is left as soon as an entry is larger than any operation', async () => {
    const one = await filled(1);
    const reachable: Reachable = new Map([[urlOf('a'), one]]);
    let asked = 0;
    const huge = fetchWith(reachable, ({ pathname, searchParams }) => {
      if (pathname.startsWith('/v1/ledger/tlog/tile'))
        return Promise.resolve(new Response('', { status: 404 }));
      if (pathname !== '/v1/ledger/entries') return undefined;
      asked += 1;
      const entry = toBase64url(new Uint8Array(2_000_000));
      return Promise.resolve(
        Response.json({ size: 2, entries: [{ index: Number(searchParams.get('from')), entry }] }),
      );
    });
    const b = await openFollower('b', reachable, { fetch: huge });
    expect(await b.follow()).toBe(false);
    expect(asked).toBe(1);
  });

  it('does not keep this node from following the others', async () => {
    const one = await filled(1);
    const reachable: Reachable = new Map([[urlOf('a'), one]]);
    const never = new Promise<Response>(() => {});
    const slow = fetchWith(reachable, ({ origin }) => (origin === urlOf('c') ? never : undefined));
    const b = await openFollower('b', reachable, { fetch: slow });
    await b.follow();
    expect(b.head().height).toBe(1);
  });
});

describe('a log that shows what it never serves', () => {
  const signedNote = async (size: number, root: Uint8Array): Promise<string> => {
    const body = `${ORIGIN}\n${size}\n${Buffer.from(root).toString('base64')}\nstate ${Buffer.alloc(32).toString('base64')}\n`;
    return formatNote(body, [await signAsLog(checkpointSigner, ORIGIN, body)]);
  };
  const showing = (one: Ledger, checkpoint: string): Ledger => ({
    ...one,
    head: () => ({ ...one.head(), checkpoint }),
    blocks: () => [],
  });

  it('is at fault when two nodes were shown two checkpoints of one size', async () => {
    const one = await filled(1);
    const reachable: Reachable = new Map([
      [urlOf('a'), showing(one, await signedNote(90, new Uint8Array(32)))],
      [urlOf('c'), showing(one, await signedNote(90, new Uint8Array(32).fill(1)))],
    ]);
    const b = await openFollower('b', reachable);
    await expect(b.follow()).rejects.toThrow('log at fault');
    const [alarm] = b.alarms();
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
  });

  it('is at fault when it takes a checkpoint back for another one later', async () => {
    const one = await filled(1);
    const reachable: Reachable = new Map();
    const b = await openFollower('b', reachable);
    reachable.set(urlOf('a'), showing(one, await signedNote(4, new Uint8Array(32))));
    await b.follow();
    reachable.set(urlOf('a'), one);
    await b.follow();
    await one.submit([await addition(ANN, 1)]);
    await expect(b.follow()).rejects.toThrow('log at fault');
    const [alarm] = b.alarms();
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
  });

  it('gets no cosignature for a block of which another was shown, though that one never came', async () => {
    const one = await filled(3);
    const reachable: Reachable = new Map([
      [urlOf('a'), one],
      [urlOf('c'), showing(one, await signedNote(4, new Uint8Array(32)))],
    ]);
    const b = await openFollower('b', reachable);
    await expect(b.follow()).rejects.toThrow('log at fault');
    expect(b.head().size).toBe(2);
    const [alarm] = b.alarms();
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
  });

  it('is at fault when a block’s note contradicts a block that is here', async () => {
    const one = await filled(3);
    const reachable: Reachable = new Map([[urlOf('a'), one]]);
    const b = await openFollower('b', reachable);
    await b.follow();
    await one.submit([await addition(ANN, 3)]);
    const other = await signedNote(4, new Uint8Array(32).fill(2));
    reachable.set(urlOf('a'), {
      ...one,
      blocks: (from) => [{ height: from, size: 4, checkpoint: other }],
    });
    await expect(b.follow()).rejects.toThrow('log at fault');
  });
});

describe('a node that orders and does not answer', () => {
  it('does not hold a submitter for longer than its operation may take', async () => {
    const { reachable } = await openCosignNetwork();
    const silent = fetchWith(reachable, ({ pathname }) =>
      pathname === '/v1/ledger/operations' ? new Promise<Response>(() => {}) : undefined,
    );
    const b = await openFollower('b', reachable, { fetch: silent, returnMilliseconds: 20 });
    expect(await b.submit([await addition(ANN, 0)])).toMatchObject([
      { ok: false, error: { code: 'not_final' } },
    ]);
  });

  it('cannot send this node elsewhere with what was submitted here', async () => {
    const { reachable } = await openCosignNetwork();
    let redirect: RequestRedirect | undefined;
    const watched: typeof fetch = (input, init) => {
      if (String(input).endsWith('/operations')) redirect = init?.redirect;
      return fetchAmong(reachable)(input, init);
    };
    const b = await openFollower('b', reachable, { fetch: watched, returnMilliseconds: 20 });
    await b.submit([await addition(ANN, 0)]);
    expect(redirect).toBe('error');
  });
});

describe('an alarm', () => {
  it('cannot be acknowledged before it was raised', async () => {
    const options = { store: createMemoryStore(), acknowledgedAlarm: 1 };
    await expect(openFollower('b', new Map(), options)).rejects.toMatchObject({ code: 'alarm_unknown' });
  });
});
