import { type Bytes, type CborValue, decodeCbor, encodeCbor, equalBytes } from '@attestel/core';
import { buildSubmission, type Scope } from '@attestel/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Dice, diceOf, fuzz } from '../../../x509/test/fuzzing.ts';
import { assess } from '../../src/module/assess.ts';
import { parseAttachment } from '../../src/module/attachment.schema.ts';
import { BODIES, type PkiKind } from '../../src/module/bodies.schema.ts';
import { parseBody } from '../../src/module/parse-body.ts';
import { x509Rules } from '../../src/module/x509-rules.ts';
import { sha256 } from '../../src/sha256.ts';
import { type Certified, certify, itemOf } from './devices.ts';
import {
  admission,
  admitVendor,
  authorise,
  NETWORK,
  openWorld,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

let world: World;
let scope: Scope;
let attachment: Bytes;
let facts: CborValue;
let header: Parameters<typeof assess>[1];
let bodies: readonly (readonly [PkiKind, Bytes])[];

const ports = { sha256, certificates: x509Rules };
const proven = (bytes: Bytes) => assess(parseAttachment(bytes), header, ports) as unknown as CborValue;

beforeAll(async () => {
  world = await openWorld();
  const { v, a, b } = world;
  scope = vendorScope(v);
  const what = terms(world, await admitVendor(world));
  const challenge = await authorise(world, what);
  header = { network: NETWORK, submitter: v.did, role: 'small-cell', challenge };
  const made: Certified = await certify();
  const { operation } = await buildSubmission({
    ...{ ...header, items: [itemOf(made, v, challenge)], notAfter: world.notAfter(), signers: [v.signer] },
    evidence: {
      ...{ anchor: null, scope, intermediates: [], tokenKey: tokenKeyOf(v), source: null },
      batch: { vendor: v.did, terms: what },
    },
  });
  attachment = operation.attachment as Bytes;
  facts = proven(attachment);
  const voters = [a.did, b.did];
  const certificates = [made.hash];
  bodies = Object.entries({
    submit: operation.payload.body,
    challenge: { v: 1, salt: made.hash },
    'anchor.admit': { v: 1, ...admission(world, scope, [a, b]) },
    'batch.authorise': { v: 1, ...what },
    'status.suspend': { v: 1, certificates, reason: 'key-compromise' },
    'status.revoke': { v: 1, certificates, reason: 'key-compromise', voters },
    'cell.admit': { v: 1, cell: made.hash, gateway: made.hash, site: made.hash, until: 5 },
  } satisfies { [K in PkiKind]?: object }).map(([kind, body]) => [
    kind as PkiKind,
    encodeCbor(body as unknown as CborValue),
  ]);
});

describe('bytes near an attachment', () => {
  it('are read or refused, soon; what they prove is what they proved, or less', () => {
    const good = encodeCbor(facts);
    const { accepted } = fuzz([attachment], proven, {
      accepted: (bytes, result) => {
        if (equalBytes(bytes, attachment)) return;
        const { items } = result as { items: CborValue[] };
        // A changed scope or token key makes other facts; an item that stands was signed by its key.
        if (equalBytes(encodeCbor(result), good)) return;
        for (const item of items) expect(typeof item === 'string' || isWholeItem(item)).toBe(true);
      },
    });
    expect(accepted).toBeGreaterThan(0);
  });
});

/** Certificate, key and name are those of the one certificate that signed. */
function isWholeItem(item: CborValue): boolean {
  const [first] = (facts as unknown as { items: Bytes[][] }).items;
  return [0, 2, 3].every((at) => equalBytes((item as Bytes[])[at] as Bytes, first?.[at] as Bytes));
}

describe('values near a body', () => {
  it('are read or refused with the field at fault, soon', () => {
    for (const [kind, good] of bodies) {
      const dice = diceOf(3);
      const value = decodeCbor(good);
      fuzz([good], () => parseBody(kind, twisted(value, dice)), {
        runs: 600,
        accepted: (_, body) => expect(Object.keys(body)).toContain('v'),
      });
      expect(() => BODIES[kind].parse(value)).not.toThrow();
    }
  });
});

const STRANGE: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1.5, Number.NaN, 2 ** 53, '', 'x'.repeat(100_000), [], {}],
  ...[new Uint8Array(), new Uint8Array(32), new Uint8Array(70_000), Object.create(null), 1n],
  Array.from({ length: 20_000 }, () => 'x'),
];

/** The value with something strange at one of its places. */
function twisted(value: unknown, dice: Dice): unknown {
  if (dice.below(6) === 0) return dice.pick(STRANGE);
  if (Array.isArray(value)) {
    const at = dice.below(value.length + 1);
    return value.toSpliced(at, 1, twisted(value[at], dice));
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return dice.pick(STRANGE);
  const key = dice.pick([...Object.keys(value), 'v', '__proto__', 'constructor', 'more']);
  return { ...value, [key]: twisted((value as Record<string, unknown>)[key], dice) };
}
