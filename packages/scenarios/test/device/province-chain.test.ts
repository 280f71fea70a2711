import { type Ledger, proofCrypto } from '@attestel/ledger';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
  formatPolicy,
} from '@attestel/proof';
import { anchorBody, compareAnchors, createSubLedgers } from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Consortium,
  checkpointSigner,
  clock,
  type Organisation,
  openConsortium,
  organisation,
} from '../../../registry/test/consortium.ts';
import { DEVICE_MODULES } from '../../src/device/index.ts';
import type { Module } from '../../src/module/module.ts';
import { CHANNEL, did, fakeCredentials, type Node, openWorld, type World } from '../host/world.ts';

/** Origin of the province's own ledger, as `openWorld` makes it. */
const PROVINCE = 'ledger.test/main';
const GROUP = 'ledger.test/group';
const NOW = clock.now() / 1000;
/** Who keeps the province's ledger: its centre, a city and the group's auditor. */
const cosigners = await Promise.all(
  ['centre', 'city', 'auditor'].map(async (name) => ({ name, signer: await checkpointSigner() })),
);
type Cosigner = (typeof cosigners)[number];

const policy = formatPolicy(
  createPolicy(
    {
      ...{ origin: PROVINCE, logs: [], quorum: 'all' },
      witnesses: cosigners.map((one) => ({ name: one.name, ...keyOf(one) })),
      groups: [{ name: 'all', threshold: 2, members: cosigners.map(({ name }) => name) }],
    },
    proofCrypto.sha256,
  ),
);

function keyOf({ name, signer }: Cosigner) {
  return { keyName: `${name}.test/witness`, publicKey: signer.publicKey.slice(2) };
}

/** The head of the province's ledger, signed by all who keep it: nobody there is honest. */
async function noteOf({ body }: ReturnType<Ledger['head']>): Promise<string> {
  const lines = cosigners.map(async (one) => {
    const { keyName: name, publicKey } = keyOf(one);
    const key = createVerifierKey(proofCrypto.sha256, { name, type: 'cosignature', publicKey });
    return formatCosignature(key, {
      ...{ time: NOW, signature: await one.signer.sign(cosignatureMessage(body, NOW)) },
    });
  });
  return formatNote(body, await Promise.all(lines));
}

interface Province {
  readonly world: World;
  readonly node: Node;
}

/** A province with a ledger of its own, whose unit registers devices. */
async function openProvince(): Promise<Province> {
  const world = await openWorld();
  const [unit = '', group = ''] = world.organisations.map((one) => one.did);
  const held = [
    { ...{ type: 'ProvinceUnit', subject: unit, issuer: group }, claims: { province: 'GD', group } },
  ];
  const modules = DEVICE_MODULES as unknown as readonly Module[];
  return { world, node: await world.node(0, { modules, credentials: fakeCredentials(held) }) };
}

const register = ({ node, world }: Province, serial: string) =>
  node.host.run({
    ...{ channel: CHANNEL, module: 'device.item@1', command: 'register', actor: did(node) },
    data: {
      facts: {
        ...{ vendor: 'V1', serial, type: 'T01', batch: 'B1', model: 'M1', level: 'device' },
        ...{
          province: 'GD',
          city: 'GD-A',
          site: 'GD-001',
          group: world.organisations[1]?.did ?? '',
          tagKey: null,
          did: null,
        },
        place: { latitude: '23.129000', longitude: '113.264000' },
      },
    },
  });

const entriesOf = ({ world }: Province) => world.consortium.ledger.entries(0, 100_000);

describe('a province with a ledger of its own, anchored in the group’s', () => {
  let group: Consortium;
  let member: Organisation;
  let province: Province;
  let rewritten: Province;

  const anchor = async ({ world }: Province) => {
    const { ledger } = world.consortium;
    const oldSize = createSubLedgers(group.ledger).subLedger(PROVINCE)?.anchor?.size ?? 0;
    const body = anchorBody(ledger, await noteOf(ledger.head()), oldSize);
    return group.govern('sub-ledger', 'anchor', body, [member]);
  };
  const anchors = () => createSubLedgers(group.ledger).lastAnchors(PROVINCE);

  beforeAll(async () => {
    const [a, b] = [await organisation('group-a'), await organisation('group-b')];
    member = a;
    group = await openConsortium([a, b], [], GROUP);
    await group.govern('sub-ledger', 'register', { origin: PROVINCE, policy }, [a, b]);
    province = await openProvince();
    await register(province, 'S-1');
    expect(await anchor(province)).toBeUndefined();
    await register(province, 'S-2');
    expect(await anchor(province)).toBeUndefined();
    // The same origin, the same who sign, and a device that never was.
    rewritten = await openProvince();
    await register(rewritten, 'S-2');
    await register(rewritten, 'S-3');
    await register(rewritten, 'S-4');
  });

  it('grows from anchor to anchor, and each one is borne out', async () => {
    expect(anchors()).toHaveLength(2);
    const { size } = province.world.consortium.ledger.head();
    expect(await compareAnchors(entriesOf(province), anchors())).toEqual({ anchors: 2, size });
  });

  it('[C9] that rewrites its history is refused by the group’s ledger, whoever signed it, and the mismatch is told', async () => {
    const { head } = rewritten.world.consortium.ledger;
    const [newest, oldest] = anchors();
    expect(head().size).toBeGreaterThan(newest?.size ?? 0);
    expect(await anchor(rewritten)).toBe('sub_ledger_forked /proof');
    expect(anchors()).toEqual([newest, oldest]);
    expect(await compareAnchors(entriesOf(rewritten), anchors())).toEqual({
      ...{ anchors: 0, size: oldest?.size, mismatch: { size: oldest?.size, why: 'other_root' } },
    });
  });

  it('[C9] that cuts off what was anchored is told, too', async () => {
    const [newest, oldest] = anchors();
    const cut = [...entriesOf(province)].slice(0, (newest?.size ?? 0) - 1);
    expect(await compareAnchors(cut, anchors())).toEqual({
      ...{ anchors: 1, size: cut.length, mismatch: { size: newest?.size, why: 'entries_missing' } },
    });
    expect(oldest?.size).toBeLessThan(cut.length);
  });

  it('[C9] whose honest ledger goes on is anchored all the same', async () => {
    await register(province, 'S-5');
    expect(await anchor(province)).toBeUndefined();
    expect(anchors()).toHaveLength(3);
    expect(await group.verify()).toMatchObject({ ok: true });
  });
});
