import { AppError, type HttpRequest, type HttpResponse, toBase64url } from '@attestel/core';
import { channelRoutes, createChannels, createEventLines } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels, governBody } from '../fake-channels.ts';
import { A, B, C, STRANGER } from '../fake-ledger.ts';

const REF = bytes32('ref');
const TOKEN = bytes32('token');
const RULE = { threshold: 1, resolution: 1, dids: [A], keys: [], roles: [] };

function ledgerWithLine() {
  const ledger = channelLedger();
  const body = {
    heads: [{ ref: REF, prevHead: null, rule: RULE }],
    unique: [TOKEN],
    hold: [],
    release: [],
    moduleDigest: null,
    digest: bytes32('digest'),
    batch: null,
    shared: null,
  };
  const { id } = ledger.submit({ module: 'event', ns: 'gd', kind: 'line', body, by: [A] });
  return { ledger, id };
}

/** The token of these tests is the DID itself. */
async function get(ledger: FakeChannels, path: string, did?: string): Promise<HttpResponse> {
  const source = { state: ledger.read } as never;
  const routes = channelRoutes({
    channels: createChannels(source, ledger.now),
    lines: createEventLines(source),
    authenticate: async ({ headers }) => {
      if (headers.authorization === undefined) {
        throw new AppError('token_missing', { kind: 'unauthenticated', message: 'no token' });
      }
      return { did: headers.authorization };
    },
  });
  const url = new URL(`https://node.example${path}`);
  const segments = url.pathname.split('/');
  const route = routes.find(({ path: pattern }) => {
    const parts = pattern.split('/');
    return parts.length === segments.length && parts.every((p, i) => p.startsWith(':') || p === segments[i]);
  });
  const names = route?.path.split('/') ?? [];
  const params = Object.fromEntries(
    names.flatMap((name, i) =>
      name.startsWith(':') ? [[name.slice(1), decodeURIComponent(segments[i] ?? '')]] : [],
    ),
  );
  const headers = did === undefined ? {} : { authorization: did };
  const request = { method: 'GET', url, params, headers } as unknown as HttpRequest;
  return (await route?.handle(request)) as HttpResponse;
}

const bodyOf = ({ body }: HttpResponse): unknown => JSON.parse(body as string);
const head = `/v1/channels/gd/objects/${toBase64url(REF)}`;

describe('a channel over HTTP', () => {
  it('lists members in the order of their DIDs, after one that is named', async () => {
    const ledger = channelLedger();
    const membersAfter = async (query: string) => {
      const { members } = bodyOf(await get(ledger, `/v1/channels/gd${query}`, A)) as {
        members: { did: string }[];
      };
      return members.map(({ did }) => did);
    };
    const all = await membersAfter('');
    expect(all.length).toBeGreaterThan(1);
    expect(all).toEqual(all.toSorted());
    expect(await membersAfter(`?after=${encodeURIComponent(all[0] as string)}`)).toEqual(all.slice(1));
    expect(await membersAfter(`?after=${encodeURIComponent(all.at(-1) as string)}`)).toEqual([]);
    await expect(get(ledger, '/v1/channels/gd?after=a&after=b', A)).rejects.toMatchObject({
      code: 'channel_query_invalid',
    });
  });

  it('shows members what it holds', async () => {
    const { ledger, id } = ledgerWithLine();
    expect(bodyOf(await get(ledger, head, B))).toMatchObject({ line: toBase64url(id), count: 1, rule: RULE });
    expect(bodyOf(await get(ledger, `${head}/lines?from=1`, C))).toMatchObject([{ number: 1, actor: A }]);
    expect(bodyOf(await get(ledger, `${head}/lines?from=2`, C))).toEqual([]);
    expect(bodyOf(await get(ledger, `/v1/channels/gd/lines/${toBase64url(id)}`, A))).toMatchObject({
      actor: A,
    });
    const token = `/v1/channels/gd/tokens/${toBase64url(TOKEN)}`;
    expect(bodyOf(await get(ledger, token, A))).toMatchObject({ ref: toBase64url(REF), releasable: false });
    expect(bodyOf(await get(ledger, '/v1/channels/gd', A))).toMatchObject({ name: 'gd', governors: [A, B] });
  });

  it('asks strangers for a token and then refuses them, whether it exists or not', async () => {
    const { ledger } = ledgerWithLine();
    for (const path of [head, '/v1/channels/gd', '/v1/channels/hn', '/v1/channels/gd%2Fsz']) {
      const anonymous = await get(ledger, path);
      expect(anonymous.status).toBe(401);
      expect(anonymous.headers?.['www-authenticate']).toContain('Bearer');
      await expect(get(ledger, path, STRANGER)).rejects.toMatchObject({
        code: 'channel_not_reader',
        status: 403,
      });
    }
  });

  it('shows everybody what a public one holds', async () => {
    const { ledger } = ledgerWithLine();
    const body = governBody('gd', { read: 'public' });
    ledger.submit({ module: 'channel', ns: 'gd', kind: 'govern', body, by: [A, B] });
    expect((await get(ledger, head)).status).toBe(200);
  });

  it('refuses malformed queries and says what is not there', async () => {
    const { ledger } = ledgerWithLine();
    const none = `/v1/channels/gd/objects/${toBase64url(bytes32('none'))}`;
    await expect(get(ledger, none, A)).rejects.toMatchObject({ code: 'channel_no_such_record', status: 404 });
    for (const path of [
      '/v1/channels/gd/objects/xyz',
      `${head}/lines?from=0`,
      `${head}/lines?from=1&from=2`,
    ]) {
      await expect(get(ledger, path, A)).rejects.toMatchObject({
        code: 'channel_query_invalid',
        status: 400,
      });
    }
  });
});
