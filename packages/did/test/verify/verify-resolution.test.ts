import { isAppError, toBase64url } from '@attestel/core';
import { decodeReceipt, encodeReceipt, type Receipt } from '@attestel/proof';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type DidResolution,
  formatVersionId,
  type ResolutionOptions,
  type ResolutionProof,
} from '../../src/index.ts';
import { formatDateTime } from '../../src/resolver/date-time.ts';
import { toV1View } from '../../src/resolver/views.ts';
import { parseResult, verifyResolution } from '../../src/verify/index.ts';
import { party } from '../fakes/party.ts';
import { policyOf, provenLedger } from '../fakes/proven-ledger.ts';

const world = await provenLedger();
const other = await provenLedger('other');
const { ledger, alice, gone, stranger, operations, resolver, seconds } = world;
afterAll(() => Promise.all([ledger.close(), other.ledger.close()]));

type Asked = Pick<ResolutionOptions, 'versionId' | 'versionTime'>;
const ID = {
  one: formatVersionId(1, operations.one.id),
  two: formatVersionId(2, operations.two.id),
  three: formatVersionId(3, operations.three.id),
  goneTwo: formatVersionId(2, operations.goneTwo.id),
};
const createdAt = Date.parse((await resolver.resolve(alice.did)).didDocumentMetadata.created ?? '') / 1000;

/** As it comes over the wire, in another process. */
const carried = (resolution: DidResolution, did: string): DidResolution =>
  parseResult(JSON.parse(JSON.stringify(toV1View(resolution))), did);

async function answer(did: string, asked: Asked = {}, receipt: 'path' | 'full' = 'path') {
  return carried(await resolver.resolve(did, { ...asked, receipt }), did);
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isAppError(error)) return `${error.kind} ${error.code}`;
    throw error;
  }
  return 'accepted';
}

const refusal = (
  resolution: DidResolution,
  {
    did = alice.did,
    asked = {},
    trust = world.trust(),
  }: Partial<{ did: string; asked: Asked; trust: object }> = {},
) => codeOf(() => verifyResolution(resolution, did, { ...world.trust(), ...trust, ...asked }));

describe('a resolution with its proof', () => {
  const QUESTIONS: readonly (readonly [string, string, Asked])[] = [
    ['the newest version', alice.did, {}],
    ['the newest version by its id', alice.did, { versionId: ID.three }],
    ['the first version', alice.did, { versionId: ID.one }],
    ['a version in between', alice.did, { versionId: ID.two }],
    ['the version of a time', alice.did, { versionTime: formatDateTime(createdAt + 12) }],
    ['the version of now', alice.did, { versionTime: formatDateTime(seconds.now) }],
    ['a tombstone', gone.did, {}],
    ['a version before a tombstone', gone.did, { versionId: ID.goneTwo }],
    ['a DID that is not there', stranger.did, {}],
    ['a DID of another network', party('proven-alice', 'other').did, {}],
    ['a version that is not there', alice.did, { versionId: formatVersionId(4, operations.one.id) }],
    ['a version of another operation', alice.did, { versionId: formatVersionId(1, operations.two.id) }],
    ['a time before the creation', alice.did, { versionTime: formatDateTime(createdAt - 1) }],
  ];

  test.each(QUESTIONS)('verifies, and says the same without one: %s', async (_, did, asked) => {
    const proven = await answer(did, asked);
    const verified = await verifyResolution(proven, did, { ...world.trust(), ...asked });
    expect(verified).toEqual(proven);
    const { proof: _d, ...metadata } = verified.didDocumentMetadata;
    const { proof: _r, ...resolutionMetadata } = verified.didResolutionMetadata;
    expect({ ...verified, didDocumentMetadata: metadata, didResolutionMetadata: resolutionMetadata }).toEqual(
      await resolver.resolve(did, asked),
    );
  });

  test.each(QUESTIONS)('in full form verifies with nobody to ask: %s', async (_, did, asked) => {
    const { fetchCheckpoint: _f, ...offline } = world.trust();
    const proven = await answer(did, asked, 'full');
    expect(await codeOf(() => verifyResolution(proven, did, { ...offline, ...asked }))).toBe('accepted');
  });

  test('has one receipt for the newest version, and refers to its checkpoint', async () => {
    const { proof } = (await resolver.resolve(alice.did, { receipt: 'path' })).didDocumentMetadata;
    expect(proof?.[0]?.receipts).toHaveLength(1);
    const receipt = decodeReceipt(Buffer.from(proof?.[0]?.receipts[0] ?? '', 'base64url'));
    expect(receipt.checkpoint).toEqual({ form: 'reference', hash: ledger.head().appHash });
  });

  test('is left out unless asked for', async () => {
    expect((await resolver.resolve(alice.did)).didDocumentMetadata.proof).toBeUndefined();
    expect(
      (await resolver.resolve(alice.did, { receipt: 'none' })).didDocumentMetadata.proof,
    ).toBeUndefined();
    expect((await resolver.resolve(alice.did, { receipt: 'all' as never })).didResolutionMetadata.error).toBe(
      'INVALID_OPTIONS',
    );
  });
});

/** The answer with something changed in its proof. */
function withProof(
  resolution: DidResolution,
  change: (proof: ResolutionProof) => Partial<ResolutionProof>,
): DidResolution {
  const { didDocumentMetadata } = resolution;
  const proof = didDocumentMetadata.proof?.map((one) => ({ ...one, ...change(one) })) ?? [];
  return { ...resolution, didDocumentMetadata: { ...didDocumentMetadata, proof } };
}
const withReceipts = (
  resolution: DidResolution,
  change: (receipts: readonly string[]) => readonly string[],
) => withProof(resolution, ({ receipts }) => ({ receipts: change(receipts) }));
const withBytes = (resolution: DidResolution, change: (bytes: Uint8Array) => Uint8Array) =>
  withReceipts(resolution, ([head = '', ...rest]) => [toBase64url(change(bytesOf(head))), ...rest]);
const withReceipt = (resolution: DidResolution, change: (receipt: Receipt) => Receipt) =>
  withBytes(resolution, (bytes) => encodeReceipt(change(decodeReceipt(bytes))));
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
const own = (receipt: Receipt): Receipt & { kind: 'state' } => {
  if (receipt.kind !== 'state') throw new Error('no receipt of state');
  return receipt;
};
const stapledOf = (receipt: Receipt) => {
  if (receipt.checkpoint.form !== 'stapled') throw new Error('not stapled');
  return receipt.checkpoint;
};

const newest = await answer(alice.did);
const stapled = await answer(alice.did, {}, 'full');
const first = await answer(alice.did, { versionId: ID.one });
const absent = await answer(stranger.did);
const tombstone = await answer(gone.did);
const foreign = carried(await other.resolver.resolve(other.alice.did, { receipt: 'full' }), other.alice.did);

describe('verifyResolution refuses', () => {
  test.each<readonly [string, string, () => Promise<string>]>([
    ['an answer without proof', 'proof_missing', () => refusal(strip(newest))],
    ['NOT_FOUND without proof', 'proof_missing', () => refusal(strip(absent), { did: stranger.did })],
    [
      'the proof of another DID',
      'receipt_wrong_subject',
      () =>
        refusal({ ...newest, didDocumentMetadata: { ...newest.didDocumentMetadata, ...proofOf(tombstone) } }),
    ],
    [
      'NOT_FOUND for an anchored DID by the absence of another',
      'receipt_wrong_subject',
      () => refusal(absent),
    ],
    [
      'NOT_FOUND for an anchored DID beside the proof that it is there',
      'not_found_disproved',
      () => refusal(notFound(newest)),
    ],
    [
      'NOT_FOUND for a version beside the proof that it is there',
      'not_found_disproved',
      () => refusal(notFound(first), { asked: { versionId: ID.one } }),
    ],
    [
      'a path that ends in nothing for an anchored DID',
      'path_mismatch',
      () =>
        refusal(
          notFound(
            withReceipt(newest, (r) => ({ ...own(r), path: { ...own(r).path, end: { kind: 'empty' } } })),
          ),
        ),
    ],
    [
      'a path without its last sibling',
      'path_mismatch',
      () =>
        refusal(
          withReceipt(newest, (r) => ({
            ...own(r),
            path: {
              ...own(r).path,
              siblings: own(r)
                .path.siblings.slice(0, -1)
                .map((s) => s ?? new Uint8Array(32).fill(1)),
            },
          })),
        ),
    ],
    [
      'a receipt cut short',
      'receipt_truncated',
      () => refusal(withBytes(newest, (bytes) => bytes.slice(0, -1))),
    ],
    [
      'a receipt with something behind it',
      'receipt_malformed',
      () => refusal(withBytes(newest, (bytes) => new Uint8Array([...bytes, 0]))),
    ],
    ['what is no base64url', 'proof_malformed', () => refusal(withReceipts(newest, () => ['==']))],
    [
      'another value under the same path',
      'path_mismatch',
      () =>
        refusal(
          withReceipt(newest, (r) => ({
            ...own(r),
            path: { ...own(r).path, end: { kind: 'own', value: new Uint8Array([0xa0]) } },
          })),
        ),
    ],
    ['an old version for the newest', 'proof_wrong_version', () => refusal(first)],
    [
      'the newest version for an old one',
      'proof_wrong_version',
      () => refusal(newest, { asked: { versionId: ID.one } }),
    ],
    [
      'a version that had not begun at the time asked for',
      'proof_wrong_version',
      () => refusal(newest, { asked: { versionTime: formatDateTime(createdAt) } }),
    ],
    [
      'a version that had ended at the time asked for',
      'proof_wrong_version',
      () => refusal(first, { asked: { versionTime: formatDateTime(createdAt + 12) } }),
    ],
    [
      'an old version without the end of its interval',
      'proof_incomplete',
      () =>
        refusal(
          withReceipts(first, (all) => all.slice(0, -1)),
          { asked: { versionId: ID.one } },
        ),
    ],
    [
      'a receipt twice',
      'receipt_wrong_subject',
      () => refusal(withReceipts(first, (all) => [...all, ...all.slice(-1)])),
    ],
    ['another document', 'document_mismatch', () => refusal(withService(newest))],
    ['another salt', 'document_mismatch', () => refusal(withProof(newest, () => ({ salt: 'A'.repeat(43) })))],
    ['no salt', 'document_mismatch', () => refusal(withProof(newest, () => ({ salt: undefined }) as never))],
    ['no document', 'document_mismatch', () => refusal({ ...newest, didDocument: null })],
    [
      'a document of a deactivated DID',
      'resolution_differs',
      () => refusal({ ...tombstone, didDocument: newest.didDocument }, { did: gone.did }),
    ],
    [
      'a deactivation left out',
      'resolution_differs',
      () => refusal(withMetadata(tombstone, { deactivated: undefined }), { did: gone.did }),
    ],
    [
      'another time',
      'resolution_differs',
      () => refusal(withMetadata(newest, { updated: '2030-01-01T00:00:00Z' })),
    ],
    ['another ledger', 'checkpoint_wrong_origin', () => refusal(foreign, { did: other.alice.did })],
    [
      'another ledger of the same origin and other witnesses',
      'quorum_not_met',
      () => refusal(stapled, { trust: { policy: policyOf('ledger.example/test', ['strange'], 1) } }),
    ],
    [
      'a quorum that is too small',
      'quorum_not_met',
      () => refusal(stapled, { trust: { policy: policyOf('ledger.example/test', ['own', 'b', 'c'], 2) } }),
    ],
    ['an old checkpoint', 'checkpoint_stale', () => refusal(stapled, { trust: { now: seconds.now + 61 } })],
    [
      'an old checkpoint that is fetched',
      'checkpoint_stale',
      () => refusal(newest, { trust: { now: seconds.now + 61 } }),
    ],
    [
      'a checkpoint of the future',
      'checkpoint_from_future',
      () => refusal(stapled, { trust: { now: seconds.now - 61 } }),
    ],
    [
      'a checkpoint that nobody has',
      'checkpoint_unknown',
      () => refusal(newest, { trust: { fetchCheckpoint: undefined } }),
    ],
    [
      'a forged cosignature',
      'cosignature_invalid',
      () =>
        refusal(
          withReceipt(stapled, (r) => ({
            ...own(r),
            checkpoint: {
              ...stapledOf(r),
              signatures: stapledOf(r).signatures.map((s) => ({ ...s, time: s.time + 1 })),
            },
          })),
        ),
    ],
    ['one signer twice', 'cosignature_duplicate', () => refusal(withBytes(stapled, doubled))],
  ])('%s', async (_, code, attempt) => {
    expect(await attempt()).toBe(`proof-failed ${code}`);
  });

  test('receipts of two checkpoints in one proof', async () => {
    const moving = await provenLedger('moving');
    const ask = { versionId: formatVersionId(1, moving.operations.one.id), receipt: 'full' } as const;
    const before = await moving.resolver.resolve(moving.alice.did, ask);
    moving.seconds.now += 10;
    await moving.ledger.submit([await moving.stranger.create()]);
    const after = await moving.resolver.resolve(moving.alice.did, ask);
    await moving.ledger.close();
    const mixed = withReceipts(before, ([head = '']) => [
      head,
      ...(after.didDocumentMetadata.proof?.[0]?.receipts.slice(1) ?? []),
    ]);
    const trust = { ...moving.trust(), versionId: ask.versionId };
    await verifyResolution(before, moving.alice.did, trust);
    expect(await codeOf(() => verifyResolution(mixed, moving.alice.did, trust))).toBe(
      'proof-failed proof_mixed',
    );
  });
});

describe('an error', () => {
  test('that states no fact needs no proof, and nothing beside it counts', async () => {
    const failed = await resolver.resolve(alice.did, { versionTime: '2099-01-01T00:00:00Z' });
    const said = {
      ...failed,
      didDocument: newest.didDocument,
      didDocumentMetadata: newest.didDocumentMetadata,
    };
    expect(await verifyResolution(said, alice.did, world.trust())).toEqual(failed);
  });

  test('of absence brings neither document nor metadata nor words of the node', async () => {
    const said = {
      didDocument: newest.didDocument,
      didDocumentMetadata: newest.didDocumentMetadata,
      didResolutionMetadata: { ...absent.didResolutionMetadata, message: 'moved to evil.example' },
    };
    expect(await verifyResolution(said, stranger.did, world.trust())).toEqual(absent);
  });
});

describe('a question that no state answers', () => {
  const future = formatDateTime(seconds.now + 1);
  test.each<[string, DidResolution, Asked, object?]>([
    ['the newest version as that of a time to come', newest, { versionTime: future }],
    ['absence at a time in another form', notFound(newest), { versionTime: '2027-01-15T08:00:01.000Z' }],
    ['absence of a version in another form', notFound(newest), { versionId: `0${ID.one}` }],
    ['one of two options', newest, { versionId: ID.three, versionTime: formatDateTime(createdAt) }],
    [
      'without a clock, a version of a time after the checkpoint',
      newest,
      { versionTime: future },
      { now: undefined, maxAgeSeconds: undefined },
    ],
  ])('%s is refused', async (_, resolution, asked, trust = {}) => {
    expect(await refusal(resolution, { asked, trust })).toBe('proof-failed proof_wrong_version');
  });

  test('without a clock, a time before the checkpoint is answered', async () => {
    const trust = { now: undefined, maxAgeSeconds: undefined };
    const asked = { versionTime: formatDateTime(seconds.now) };
    expect(await refusal(newest, { asked, trust })).toBe('accepted');
  });
});

function strip({ didDocumentMetadata, didResolutionMetadata, ...rest }: DidResolution): DidResolution {
  const { proof: _a, ...document } = didDocumentMetadata;
  const { proof: _b, ...resolution } = didResolutionMetadata;
  return { ...rest, didDocumentMetadata: document, didResolutionMetadata: resolution };
}
function proofOf({ didDocumentMetadata: { proof } }: DidResolution) {
  if (!proof) throw new Error('no proof');
  return { proof };
}
const notFound = (resolution: DidResolution): DidResolution => ({
  didDocument: null,
  didDocumentMetadata: {},
  didResolutionMetadata: { error: 'NOT_FOUND', ...proofOf(resolution) },
});
const withMetadata = (resolution: DidResolution, changes: object): DidResolution =>
  ({
    ...resolution,
    didDocumentMetadata: JSON.parse(JSON.stringify({ ...resolution.didDocumentMetadata, ...changes })),
  }) as DidResolution;
function withService(resolution: DidResolution): DidResolution {
  const document = structuredClone(resolution.didDocument) as unknown as {
    service: { serviceEndpoint: string }[];
  };
  for (const service of document.service) service.serviceEndpoint = 'https://evil.example';
  return { ...resolution, didDocument: document as unknown as DidResolution['didDocument'] };
}
/** version, kind, form, u16 length ‖ body, count ‖ cosignatures of 76 bytes. */
function doubled(bytes: Uint8Array): Uint8Array {
  const count = 3 + 2 + ((bytes[3] ?? 0) * 256 + (bytes[4] ?? 0));
  const signature = bytes.slice(count + 1, count + 77);
  return new Uint8Array([
    ...bytes.slice(0, count),
    2,
    ...signature,
    ...signature,
    ...bytes.slice(count + 77),
  ]);
}
