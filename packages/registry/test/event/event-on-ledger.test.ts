import { decodeCbor, type Signer } from '@attestel/core';
import { buildOperation } from '@attestel/ledger';
import { decodeReceipt, type StateReceipt } from '@attestel/proof';
import {
  buildDispute,
  buildLine,
  createChannels,
  createEventLines,
  digestOf,
  eventStateKey,
  type LineRequest,
  moduleDigestOf,
  type Rule,
  refOf,
  signLine,
  tokenOf,
} from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Consortium,
  checkpointSigner,
  clock,
  NETWORK,
  notAfter,
  type Organisation,
  openConsortium,
  organisation,
} from '../consortium.ts';
import { ALWAYS, bytes32, openBody } from '../fake-channels.ts';
import { assetLedger, balanceOf } from './asset-ledger.ts';

const SALT = bytes32('salt');
const CHANNEL_KEY = bytes32('channel key');
const DIGEST = moduleDigestOf(assetLedger.declaration);
const ID = new Uint8Array(16).fill(7);

let a: Organisation;
let b: Organisation;
let c: Organisation;

const bothOf = (one: Organisation, two: Organisation): Rule => ({
  threshold: 2,
  resolution: 2,
  dids: [one.did, two.did],
  keys: [],
  roles: [],
});

const lineBy = (by: Organisation, change: Partial<LineRequest> & Pick<LineRequest, 'heads'>) =>
  buildLine({
    network: NETWORK,
    channel: 'gd',
    actor: by.did,
    notAfter,
    signers: [by.signer],
    moduleDigest: bytes32('private module'),
    digest: digestOf({ price: '1.50' }, SALT),
    ...change,
  });

async function withChannel(change: Parameters<typeof openBody>[1] = {}): Promise<Consortium> {
  const consortium = await openConsortium([a, b, c], [assetLedger]);
  const writers = [a, b].map(({ did }) => ({ did, role: 'writer', validity: ALWAYS }));
  const body = openBody('gd', { governors: [a.did, b.did], members: writers, ...change });
  expect(await consortium.govern('channel', 'open', body, [a, b])).toBeUndefined();
  return consortium;
}

beforeAll(async () => {
  [a, b, c] = [await organisation('event-a'), await organisation('event-b'), await organisation('event-c')];
});

describe('event lines on the ledger', () => {
  it('take a line that two parties signed one after the other, from writers only', async () => {
    const { ledger, send } = await withChannel();
    const ref = refOf('roaming.iot', ID);
    const first = await lineBy(a, { heads: [{ ref, prevHead: null, rule: bothOf(a, b) }] });
    expect(await send(first)).toBeUndefined();
    const next = await lineBy(a, { heads: [{ ref, prevHead: first.id }] });
    expect(await send(next)).toBe('line_rule_unmet /heads/0');
    const agreed = await signLine(next, b.signer);
    expect(agreed.id).toEqual(next.id);
    expect(await send(agreed)).toBeUndefined();
    expect(await send(agreed)).toBe('operation_duplicate');
    expect(await send(lineBy(c, { heads: [{ ref: SALT, prevHead: null, rule: bothOf(a, c) }] }))).toBe(
      'channel_not_writer /payload/actor',
    );
    expect(createEventLines(ledger).lines('gd', ref)).toHaveLength(2);
    await ledger.close();
  });

  it('refuse channels that do not exist and modules that know none', async () => {
    const { ledger, send, govern } = await withChannel();
    const heads = [{ ref: SALT, prevHead: null, rule: bothOf(a, b) }];
    expect(await send(lineBy(a, { heads, channel: 'hn' }))).toBe('channel_unknown /payload/ns');
    const line = await lineBy(a, { heads });
    const foreign = { ...line.payload, module: 'did', kind: 'update' };
    expect(await send(buildOperation(foreign, [a.signer]))).toBe('wrong_namespace /payload/ns');
    const remove = { channel: 'gd', dids: [a.did] };
    expect(await govern('channel', 'members.remove', remove, [b, a], 'gd')).toBeUndefined();
    expect(await send(line)).toBe('channel_not_writer /payload/actor');
    const channels = createChannels(ledger, () => clock.now() / 1000);
    expect([a, b, c].map(({ did }) => channels.isReadable('gd', did))).toEqual([true, true, false]);
    await ledger.close();
  });

  it('prove the head of an object, and that a token is free, by state receipts', async () => {
    const { ledger, send } = await withChannel();
    const rule = { ...bothOf(a, b), threshold: 1 };
    expect(await send(lineBy(a, { heads: [{ ref: SALT, prevHead: null, rule }] }))).toBeUndefined();
    const proven = (key: string) => decodeReceipt(ledger.proofs.stateReceipt('event', key, 'path'));
    const head = proven(eventStateKey('gd', 'head', SALT)) as StateReceipt;
    expect(head.path.end.kind).toBe('own');
    const value = head.path.end.kind === 'own' ? decodeCbor(head.path.end.value) : undefined;
    expect(value).toEqual(createEventLines(ledger).head('gd', SALT));
    const token = proven(eventStateKey('gd', 'token', SALT)) as StateReceipt;
    expect(token.path.end.kind).not.toBe('own');
    await ledger.close();
  });

  it('keep serial numbers unique that nobody can read from the ledger', async () => {
    const { ledger, send } = await withChannel();
    const unique = [tokenOf(CHANNEL_KEY, 'device.item', 'V3/SN-0001')];
    const rule = { ...bothOf(a, b), threshold: 1 };
    const register = (name: string) => ({ heads: [{ ref: bytes32(name), prevHead: null, rule }], unique });
    expect(await send(lineBy(a, register('one')))).toBeUndefined();
    expect(await send(lineBy(b, register('two')))).toBe('line_token_taken /unique/0');
    await ledger.close();
  });

  it('show a dispute until those the rule names resolve it', async () => {
    const { ledger, send } = await withChannel();
    const rule = { ...bothOf(a, b), threshold: 1 };
    const first = await lineBy(a, { heads: [{ ref: SALT, prevHead: null, rule }] });
    await send(first);
    const dispute = { network: NETWORK, channel: 'gd', notAfter, ref: SALT, head: first.id, digest: SALT };
    expect(await send(buildDispute({ ...dispute, actor: b.did, signers: [b.signer] }))).toBeUndefined();
    const alone = await lineBy(a, { heads: [{ ref: SALT, prevHead: first.id }] });
    expect(await send(alone)).toBe('line_rule_unmet /heads/0');
    expect(await send(signLine(alone, b.signer))).toBeUndefined();
    expect(createEventLines(ledger).head('gd', SALT)?.dispute).toBeNull();
    await ledger.close();
  });

  it('hide who deals with whom behind a key of the channel and keys of the relation', async () => {
    const group = await organisation('event-group');
    const writers = [a, b, group].map(({ did }) => ({ did, role: 'writer', validity: ALWAYS }));
    const { ledger, send } = await withChannel({ members: writers });
    await send(group.create);
    const [one, two] = [await checkpointSigner(), await checkpointSigner()];
    const rule: Rule = {
      threshold: 2,
      resolution: 2,
      dids: [],
      keys: [one.publicKey, two.publicKey],
      roles: [],
    };
    const blind = (prevHead: Uint8Array | null, signers: Signer[]) =>
      lineBy(group, {
        heads: [{ ref: SALT, prevHead, rule: prevHead === null ? rule : null }],
        moduleDigest: null,
        signers: [group.signer, ...signers],
      });
    const first = await blind(null, [one]);
    expect(await send(first)).toBeUndefined();
    expect(await send(blind(first.id, [one]))).toBe('line_rule_unmet /heads/0');
    const second = await blind(first.id, [one, two]);
    expect(await send(second)).toBeUndefined();
    const leaves = [...ledger.entries(0, 1000)].map(({ bytes }) => Buffer.from(bytes));
    const ofLine = leaves.filter((leaf) => leaf.includes(Buffer.from(second.payloadBytes)));
    expect(ofLine).toHaveLength(1);
    for (const party of [a, b]) {
      expect(ofLine[0]?.includes(party.did)).toBe(false);
      expect(ofLine[0]?.includes(Buffer.from(party.signer.publicKey))).toBe(false);
    }
    await ledger.close();
  });

  it('execute a shared module on every node: a replay of the log gives the same states and root', async () => {
    const { ledger, send, verify } = await withChannel({ shared: [DIGEST] });
    const open: Rule = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };
    const [one, two] = [bytes32('account a'), bytes32('account b')];
    const command = (
      by: Organisation,
      heads: LineRequest['heads'],
      payload: Record<string, string | number | boolean>,
    ) =>
      lineBy(by, {
        heads,
        moduleDigest: DIGEST,
        digest: digestOf(payload, SALT),
        shared: { salt: SALT, payload },
      });
    const first = await command(a, [{ ref: one, prevHead: null, rule: open }], {
      do: 'open',
      balance: 10,
      first: true,
    });
    const second = await command(b, [{ ref: two, prevHead: null, rule: open }], {
      do: 'open',
      balance: 0,
      first: false,
    });
    const heads = [
      { ref: one, prevHead: first.id },
      { ref: two, prevHead: second.id },
    ];
    expect(await send(first)).toBeUndefined();
    expect(await send(second)).toBeUndefined();
    expect(await send(command(a, heads, { do: 'transfer', amount: 11 }))).toBe('overdrawn');
    expect(await send(command(b, heads, { do: 'transfer', amount: 1 }))).toBe('not_yours');
    expect(await send(command(a, heads, { do: 'transfer', amount: 4 }))).toBeUndefined();
    const lines = createEventLines(ledger);
    expect([one, two].map((ref) => balanceOf(lines.object('gd', ref)))).toEqual([6, 4]);
    expect(await verify()).toMatchObject({ ok: true, root: ledger.head().root });
    await ledger.close();
  });
});
