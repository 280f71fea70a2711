import type { Bytes, CborValue, JsonValue } from '@attestel/core';
import { buildDeactivate, buildRotate, buildUpdate } from '@attestel/did';
import { decodeOperation, encodeOperation, type Operation } from '@attestel/ledger';
import { buildDispute, buildLine, digestOf, type Rule, tokenOf } from '@attestel/registry';
import { NETWORK } from './rules.ts';
import { ALWAYS, CHANNEL, METER, named, newSubject, type Subject, type World } from './world.ts';

/** What was made so far and can be changed on. An object or DID is touched at most once a block. */
export interface Stock {
  readonly subjects: Subject[];
  readonly lines: { readonly ref: Bytes; head: Bytes }[];
  readonly meters: { readonly ref: Bytes; head: Bytes }[];
  readonly apps: string[];
  /** Logged already: sent again now and then. */
  old: Operation | undefined;
}

/** An operation and what to note once it was accepted. */
export interface Made {
  readonly operation: Operation;
  readonly accepted?: (id: Bytes) => void;
}

export type Maker = (world: World, stock: Stock) => Promise<Made | undefined>;

/** Takes one out, so that no other operation of the block moves it; `accepted` or the next block puts it back. */
function take<T>({ random }: World, list: T[]): T | undefined {
  return list.length === 0 ? undefined : list.splice(random.below(list.length), 1)[0];
}

const create: Maker = async ({ random, notAfter }, { subjects }) => {
  const [subject, operation] = await newSubject(random, notAfter());
  return { operation, accepted: () => subjects.push(subject) };
};

const update: Maker = async (world, { subjects }) => {
  const subject = take(world, subjects);
  if (!subject) return undefined;
  const { random, notAfter } = world;
  const next = random.ed25519();
  const { operation } = await buildUpdate({
    did: subject.did,
    previous: subject.previous,
    controlKeys: [subject.control],
    nextKeys: [next.publicKey],
    ledgerKeys: [['ledger-1', subject.ledgerKey.publicKey]],
    document: {
      verificationMethods: [],
      alsoKnownAs: [`https://example.com/${random.below(1000)}`],
    },
    random,
    notAfter: notAfter(),
  });
  return { operation, accepted: (previous) => subjects.push({ ...subject, control: next, previous }) };
};

const rotate: Maker = async (world, { subjects }) => {
  const subject = take(world, subjects);
  if (!subject) return undefined;
  const next = world.random.below(3) === 0 ? world.random.p256() : world.random.ed25519();
  const operation = await buildRotate({
    did: subject.did,
    previous: subject.previous,
    controlKeys: [subject.control],
    nextKeys: [next.publicKey],
    document: null,
    notAfter: world.notAfter(),
  });
  return { operation, accepted: (previous) => subjects.push({ ...subject, control: next, previous }) };
};

const deactivate: Maker = async (world, { subjects }) => {
  const subject = take(world, subjects);
  if (!subject) return undefined;
  const { did, previous, control } = subject;
  const controlKeys = [control];
  return { operation: await buildDeactivate({ did, previous, controlKeys, notAfter: world.notAfter() }) };
};

const register: Maker = async ({ random, founders, govern }, { apps }) => {
  const member = random.pick(founders);
  const clientId = `app-${apps.length}-${random.below(1_000_000)}`;
  const body = {
    clientId,
    member: member.did,
    name: named(clientId),
    purpose: named('Sign you in'),
    redirectUris: [`https://${clientId}.example/callback`],
    postLogoutRedirectUris: [],
    claims: random.below(2) === 0 ? ['phone_number'] : [],
    authentication: 'none',
    jwks: null,
    secretVersion: 1,
  };
  return {
    operation: await govern('registry', 'app.register', body, [member]),
    accepted: () => apps.push(clientId),
  };
};

/** Two members decide about an issuer, now and then a third does so alone and is refused. */
const accredit: Maker = async ({ random, founders, govern }) => {
  const subject = random.pick(founders);
  const by = [random.pick(founders), random.pick(founders)];
  if (random.below(3) > 0) {
    const kind = random.pick(['issuer.suspend', 'issuer.resume']);
    return { operation: await govern('registry', kind, { did: subject.did }, distinct(by)) };
  }
  const types = [
    { vct: `https://types.example/${random.below(9)}`, validity: { from: random.below(9), until: null } },
  ];
  const body = { did: subject.did, issuerUrl: 'https://issuer.example', name: named('Issuer'), types };
  return { operation: await govern('registry', 'issuer.accredit', body, distinct(by)) };
};

const admit: Maker = async ({ founders, govern, random }, { subjects }) => {
  if (subjects.length === 0) return undefined;
  const subject = random.pick(subjects);
  const body = { did: subject.did, name: named('Member'), roles: ['vendor'] };
  const by = [...founders.slice(0, 2), subject];
  return { operation: await govern('registry', 'member.admit', body, by) };
};

const channel: Maker = async ({ random, founders, govern }, { subjects }) => {
  const by = [random.pick(founders), random.pick(founders)];
  if (random.below(3) === 0 || subjects.length === 0) {
    const name = `ch-${random.below(1000)}`;
    const body = {
      channel: name,
      governors: founders.map(({ did }) => did),
      threshold: 2,
      read: random.pick(['members', 'public']),
      shared: [],
      validity: ALWAYS,
      members: founders.slice(1).map(({ did }) => ({ did, role: 'writer', validity: ALWAYS })),
    };
    return { operation: await govern('channel', 'open', body, distinct(by)) };
  }
  const member = { did: random.pick(subjects).did, role: 'reader', validity: ALWAYS };
  const body = { channel: CHANNEL, members: [member] };
  return { operation: await govern('channel', 'members.set', body, distinct(by), CHANNEL) };
};

const anyWriter: Rule = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };

const line: Maker = async (world, { lines }) => {
  const { random, founders } = world;
  const writer = random.pick(founders);
  const moved =
    random.below(3) === 0 ? [] : [take(world, lines), random.below(4) === 0 ? take(world, lines) : undefined];
  const objects = moved.filter((object) => object !== undefined);
  const fresh = { ref: random.bytes(32), head: new Uint8Array() };
  const heads =
    objects.length > 0
      ? objects.map(({ ref, head }) => ({ ref, prevHead: head }))
      : [{ ref: fresh.ref, prevHead: null, rule: anyWriter }];
  const operation = await buildLine({
    ...envelope(world, writer),
    heads,
    unique: objects.length === 0 ? [tokenOf(random.bytes(32), 'device', `SN-${random.below(500)}`)] : [],
    moduleDigest: random.bytes(32),
    digest: random.bytes(32),
  });
  const all = objects.length > 0 ? objects : [fresh];
  return { operation, accepted: (id) => lines.push(...all.map(({ ref }) => ({ ref, head: id }))) };
};

/** Nobody is a party of these rules by name: most disputes are refused, which is to be the same everywhere too. */
const dispute: Maker = async (world, { lines }) => {
  if (lines.length === 0) return undefined;
  const { ref, head } = world.random.pick(lines);
  const writer = world.random.pick(world.founders);
  return {
    operation: await buildDispute({ ...envelope(world, writer), ref, head, digest: world.random.bytes(32) }),
  };
};

const shared: Maker = async (world, { meters }) => {
  const { random, founders } = world;
  const isMove = meters.length > 2 && random.below(2) === 0;
  const moved = isMove || (meters.length > 0 && random.below(3) > 0) ? [take(world, meters)] : [];
  if (isMove) moved.push(take(world, meters));
  const objects = moved.filter((object) => object !== undefined);
  const payload: Record<string, CborValue> = { do: isMove ? 'move' : 'count', units: random.below(20) };
  const salt = random.bytes(32);
  const fresh = { ref: random.bytes(32), head: new Uint8Array() };
  const operation = await buildLine({
    ...envelope(world, random.pick(founders)),
    heads:
      objects.length > 0
        ? objects.map(({ ref, head }) => ({ ref, prevHead: head }))
        : [{ ref: fresh.ref, prevHead: null, rule: anyWriter }],
    moduleDigest: METER,
    digest: digestOf(payload as JsonValue, salt),
    shared: { salt, payload },
  });
  const all = objects.length > 0 ? objects : [fresh];
  return { operation, accepted: (id) => meters.push(...all.map(({ ref }) => ({ ref, head: id }))) };
};

/** Hostile and late ones: refused, and that at the same place everywhere. */
const bad: Maker = async (world, stock) => {
  const made = await create(world, stock);
  if (!made) return undefined;
  const { operation } = made;
  const [first] = operation.signatures;
  switch (world.random.below(3)) {
    case 0:
      return stock.old && { operation: stock.old };
    case 1: {
      const [subject, late] = await newSubject(world.random, 1);
      return { operation: late, accepted: () => stock.subjects.push(subject) };
    }
    default: {
      const signature = (first?.signature ?? new Uint8Array(64)).slice();
      signature[40] = (signature[40] ?? 0) ^ 1;
      const signatures = operation.signatures.map((one) => ({ ...one, signature }));
      return { operation: decodeOperation(encodeOperation({ ...operation, signatures })) };
    }
  }
};

const envelope = ({ notAfter }: World, { did, ledgerKey }: Subject) => ({
  network: NETWORK,
  channel: CHANNEL,
  actor: did,
  notAfter: notAfter(),
  signers: [ledgerKey],
});

const distinct = (subjects: readonly Subject[]): readonly Subject[] => [...new Set(subjects)];

/** How often each comes, of a hundred. */
export const MAKERS: readonly (readonly [maker: Maker, share: number])[] = [
  [create, 26],
  [update, 8],
  [rotate, 14],
  [deactivate, 3],
  [register, 6],
  [accredit, 3],
  [admit, 2],
  [channel, 3],
  [line, 18],
  [dispute, 2],
  [shared, 11],
  [bad, 4],
];
