import { rm } from 'node:fs/promises';
import { toBase64url, toHex } from '@attestel/core';
import { buildOperation, type LedgerClient, type Operation } from '@attestel/ledger';
import { buildChannelOperation, buildLine, digestOf, refOf } from '@attestel/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from './harness/demo.ts';
import { eventually } from './harness/eventually.ts';
import { type FollowerNode, startFollower } from './harness/member-node.ts';
import {
  type Actor,
  clientOf,
  inTenMinutes,
  member,
  type Outsider,
  outsider,
  submit,
} from './harness/parties.ts';

const CHANNEL = 'gd';
const BASE = 25_100;
const ALWAYS = { from: 0, until: null };
const ref = refOf('roaming.iot', new Uint8Array(16).fill(7));

describe('a channel that is not public, over real nodes', () => {
  let demo: Demo;
  /** Orders the ledger; and a member's node that follows it. */
  let [first, second] = ['', ''];
  let client: LedgerClient;
  let governor: Actor;
  let writer: Actor;
  let reader: Outsider;
  let stranger: Outsider;
  /** Begins the object, in the channel. */
  let line: Operation;
  let index: number;
  const running: FollowerNode[] = [];

  const act = async (
    kind: string,
    body: Parameters<typeof buildChannelOperation>[0]['body'],
    ns = CHANNEL,
  ) => {
    const { did: actor, network } = governor;
    const sequence = await client.sequence('channel', actor);
    const voters = ns === 'main' ? ['huatong', 'platform', 'vendor', 'tower'] : [];
    const signers = [governor, ...(await Promise.all(voters.map((name) => member(demo, name))))];
    const operation = await buildChannelOperation({
      ...{ kind, body, ns, actor, sequence, network, notAfter: inTenMinutes() },
      signers: signers.map(({ ledgerKey }) => ledgerKey),
    });
    return submit(client, operation);
  };
  const write = async (by: Actor, prevHead: Uint8Array | null, at = first) => {
    const rule = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] } as const;
    const salt = new Uint8Array(32).fill(9);
    const operation = await buildLine({
      ...{ network: by.network, channel: CHANNEL, actor: by.did, notAfter: inTenMinutes() },
      signers: [by.ledgerKey],
      heads: [{ ref, prevHead, ...(prevHead ? {} : { rule }) }],
      moduleDigest: new Uint8Array(32).fill(5),
      digest: digestOf({ price: '1.50' }, salt),
    });
    return { operation, index: await submit(clientOf(at), operation) };
  };
  const get = (path: string, token?: string, node = first): Promise<Response> =>
    fetch(`${node}${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const json = async (path: string, token?: string, node = first) => (await get(path, token, node)).json();
  const sizeOf = async (node: string): Promise<number> =>
    Number((await (await get('/v1/ledger/checkpoint', undefined, node)).text()).split('\n')[1]);
  /** What shows something of the line. */
  const withheld = async () => [
    `/v1/ledger/entries/${index}/receipt`,
    `/v1/ledger/state/event/${encodeURIComponent(`${CHANNEL}|head|${toHex(ref)}`)}`,
    `/v1/ledger/attachments/${toHex(line.id)}`,
    `/v1/ledger/tlog/tile/entries/000.p/${await sizeOf(first)}`,
  ];
  const ofChannel = () => [
    `/v1/channels/${CHANNEL}`,
    `/v1/channels/${CHANNEL}/objects/${toBase64url(ref)}`,
    `/v1/channels/${CHANNEL}/lines/${toBase64url(line.id)}`,
  ];
  const statuses = async (paths: readonly string[], token?: string, node = first) =>
    Promise.all(paths.map(async (path) => (await get(path, token, node)).status));

  beforeAll(async () => {
    demo = await startDemo(BASE, ['--operators', '2', '--no-apps', '--no-scenarios']);
    [first, second] = [demo.url(demo.ports.operator(0)), demo.url(demo.ports.operator(1))];
    client = clientOf(first);
    [governor, writer] = [await member(demo, 'zhonglian'), await member(demo, 'huatong')];
    [reader, stranger] = [await outsider(governor.network, client), await outsider(governor.network, client)];
    const members = [
      { did: writer.did, role: 'writer', validity: ALWAYS },
      { did: reader.did, role: 'reader', validity: ALWAYS },
    ];
    const fixed = { governors: [governor.did], threshold: 1, read: 'members', shared: [], validity: ALWAYS };
    await act('open', { channel: CHANNEL, ...fixed, members }, 'main');
  });
  afterAll(async () => {
    for (const one of running) await one.stop();
    await demo?.remove();
    for (const one of [reader, stranger]) if (one) await rm(one.folder, { recursive: true, force: true });
  });

  it('takes a line from a writer at the node of another member, and from nobody else', async () => {
    ({ operation: line, index } = await write(writer, null, second));
    await expect(write(reader, line.id)).rejects.toMatchObject({ code: 'channel_not_writer' });
    await expect(write(stranger, line.id)).rejects.toMatchObject({ code: 'channel_not_writer' });
  });

  it('has no place for an attachment: a line with one is refused whole', async () => {
    const { sequence: _, ...payload } = { ...line.payload, previous: line.id, notAfter: inTenMinutes() + 1 };
    const withOne = await buildOperation(payload, [writer.ledgerKey], new Uint8Array(10));
    await expect(submit(client, withOne)).rejects.toMatchObject({ code: 'line_invalid' });
  });

  it('shows a reader everything, at every node', async () => {
    for (const node of [first, second]) {
      const token = await reader.token(node);
      await eventually(async () => expect(await sizeOf(node)).toBe(await sizeOf(first)));
      // There was never an attachment, which only a reader is told. Receipts wait for the members' cosignatures.
      await eventually(async () =>
        expect(await statuses(await withheld(), token, node)).toEqual([200, 200, 410, 200]),
      );
      expect(await statuses(ofChannel(), token, node)).toEqual([200, 200, 200]);
      const { entries } = await json(`/v1/ledger/entries?from=${index}&limit=1`, token, node);
      expect(Buffer.from(entries[0].entry, 'base64url').includes(Buffer.from(line.payloadBytes))).toBe(true);
      expect(await eventAt(node, index, token)).toMatchObject({ event: 'operation', data: { ns: CHANNEL } });
    }
  });

  it('shows a stranger that there is something, and nothing of it', async () => {
    for (const token of [undefined, await stranger.token(first)]) {
      expect(await statuses(await withheld(), token)).toEqual([403, 403, 403, 403]);
      const refusal = token === undefined ? 401 : 403;
      expect(await statuses(ofChannel(), token)).toEqual([refusal, refusal, refusal]);
      expect(await statuses(['/v1/channels/nowhere'], token)).toEqual([refusal]);
      const { entries } = await json(`/v1/ledger/entries?from=${index}&limit=1`, token);
      expect(entries).toEqual([{ index, hash: expect.stringMatching(/^[\w-]{43}$/) }]);
      expect(await eventAt(first, index, token)).toEqual({ event: 'withheld', data: { index } });
      expect(await statuses(['/v1/ledger/checkpoint', '/v1/ledger/tlog/tile/0/000.p/2'], token)).toEqual([
        200, 200,
      ]);
    }
  });

  it.each([
    ['for another node', async () => reader.token(second), 'token_invalid'],
    ['that is over', async () => reader.token(first, ago(1000)), 'token_expired'],
    ['of which a letter was changed', async () => tampered(await reader.token(first)), 'token_invalid'],
    ['that is none', async () => 'a.b.c', 'token_invalid'],
  ])('refuses a token %s, whatever is asked', async (_, make, code) => {
    const token = await make();
    const paths = [...(await withheld()), ...ofChannel(), '/v1/ledger/entries', '/v1/ledger/events'];
    for (const path of paths) {
      const answer = await get(path, token);
      expect([path, answer.status, (await answer.json()).code]).toEqual([path, 401, code]);
    }
  });

  it('lets a reader’s own node follow, which shows a token where it must', async () => {
    const node = await startFollower(demo, { folder: reader.folder, name: 'reader', port: BASE + 70 });
    running.push(node);
    await eventually(async () => expect(await node.size()).toBe(await sizeOf(first)));
    const { line: head } = await json(
      `/v1/channels/${CHANNEL}/objects/${toBase64url(ref)}`,
      await reader.token(node.url),
      node.url,
    );
    expect(head).toBe(toBase64url(line.id));
    expect(await statuses(ofChannel(), undefined, node.url)).toEqual([401, 401, 401]);
  });

  it('lets a node of a stranger come as far as it may, which says why; and on, once it may', async () => {
    const node = await startFollower(demo, { folder: stranger.folder, name: 'stranger', port: BASE + 80 });
    running.push(node);
    await eventually(async () => expect(node.output()).toContain('log_withheld'));
    expect(node.output()).toContain(first);
    // Bundles are whole or they are not: nothing reaches it of a log that is as short as this one.
    expect(await node.size()).toBe(0);
    expect(await statuses(['/readyz'], undefined, node.url)).toEqual([503]);
    await act('members.set', {
      channel: CHANNEL,
      members: [{ did: stranger.did, role: 'reader', validity: ALWAYS }],
    });
    await eventually(async () => expect(await node.size()).toBe(await sizeOf(first)));
    expect(await statuses(['/readyz'], undefined, node.url)).toEqual([200]);
  });

  it('is closed to whoever is taken off its list, from the next block on', async () => {
    const token = await reader.token(first);
    const stream = await openEvents(first, await sizeOf(first), token);
    await act('members.remove', { channel: CHANNEL, dids: [reader.did] });
    const { operation: next } = await write(writer, line.id);
    expect(await statuses(await withheld(), token)).toEqual([403, 403, 403, 403]);
    expect(await statuses(ofChannel(), token)).toEqual([403, 403, 403]);
    const events = await stream.until(({ event }) => event === 'withheld');
    expect(JSON.stringify(events)).not.toContain(toBase64url(next.id));
    const [readersNode] = running as [FollowerNode];
    await eventually(async () => expect(readersNode.output()).toContain('log_withheld'));
    expect(await readersNode.size()).toBeLessThan(await sizeOf(first));
    await expect(act('members.remove', { channel: CHANNEL, dids: [writer.did] })).resolves.toBeDefined();
    await expect(write(writer, next.id)).rejects.toMatchObject({ code: 'channel_not_writer' });
  });
});

const ago = (seconds: number) => ({ now: () => Date.now() - seconds * 1000 });

/** In the middle of the signature, where every bit counts. */
const tampered = (token: string): string => {
  const at = token.length - 20;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
};

interface LogEvent {
  readonly event: string;
  readonly data: { readonly index: number; readonly ns?: string };
}

const eventAt = async (node: string, index: number, token?: string): Promise<LogEvent | undefined> =>
  (await (await openEvents(node, index, token)).until(() => true)).at(-1);

/** The log's event stream from an index on. */
async function openEvents(node: string, from: number, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${node}/v1/ledger/events?from=${from}`, { headers });
  expect(answer.status).toBe(200);
  return {
    /** All up to the first that is wanted; then the stream is left. */
    async until(isWanted: (event: LogEvent) => boolean): Promise<LogEvent[]> {
      const events: LogEvent[] = [];
      const decoder = new TextDecoder();
      let rest = '';
      for await (const part of answer.body ?? []) {
        rest += decoder.decode(part, { stream: true });
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const { event, data } = Object.fromEntries(
            [...rest.slice(0, end).matchAll(/^(\w+): (.*)$/gm)].map(([, name, value]) => [name, value]),
          );
          rest = rest.slice(end + 2);
          if (event === undefined) continue;
          events.push({ event, data: JSON.parse(data ?? '{}') });
          if (isWanted(events.at(-1) as LogEvent)) return events;
        }
      }
      return events;
    },
  };
}
