import { isAppError } from '@attestel/core';
import { createCheckpointCache } from '@attestel/proof';
import { afterAll, describe, expect, test } from 'vitest';
import { formatVersionId, type ResolutionOptions } from '../../src/index.ts';
import { createHttpResolver } from '../../src/verify/index.ts';
import { policyOf, provenLedger } from '../fakes/proven-ledger.ts';
import { servedNode } from '../fakes/served-node.ts';

const world = await provenLedger();
const other = await provenLedger('other');
const { ledger, alice, gone, stranger, operations, resolver, seconds } = world;
afterAll(() => Promise.all([ledger.close(), other.ledger.close()]));

type Json = Record<string, never> & {
  didDocument: Record<string, unknown>;
  didResolutionMetadata: { error?: { proof?: unknown } };
  didDocumentMetadata: { proof: { receipts: string[]; salt?: unknown }[] } & Record<string, unknown>;
};
const parsed = (text: string): Json => JSON.parse(text);
const edited =
  (edit: (answer: Json) => unknown) =>
  (text: string): string => {
    const answer = parsed(text);
    edit(answer);
    return JSON.stringify(answer);
  };

const withMetadata = (members: object) => edited((a) => Object.assign(a.didDocumentMetadata, members));
const withDocument = (members: object) => edited((a) => Object.assign(a.didDocument, members));
const withProof = (members: object) =>
  edited((a) => a.didDocumentMetadata.proof.map((proof) => Object.assign(proof, members)));

const cutShort = (receipt: string): string =>
  Buffer.from(receipt, 'base64url').subarray(0, -1).toString('base64url');

interface Lie {
  readonly did?: string;
  readonly asked?: ResolutionOptions;
  readonly status?: number;
  readonly change?: (text: string) => string | Promise<string>;
  readonly policy?: typeof world.policy;
  readonly later?: number;
}

/** What a client with a policy makes of it: an error's code, or the answer. */
async function told({ did = alice.did, asked, later = 0, policy = world.policy, ...lie }: Lie) {
  const { fetch } = servedNode(ledger, resolver, lie);
  const trust = {
    policy,
    crypto: world.trust().crypto,
    cache: createCheckpointCache(),
    now: () => seconds.now + later,
    maxAgeSeconds: 60,
  };
  try {
    const { didResolutionMetadata, ...said } = await createHttpResolver({
      endpoint: 'https://node.example',
      fetch,
      trust,
    }).resolve(did, asked);
    return didResolutionMetadata.error ?? said;
  } catch (error) {
    if (isAppError(error)) return `${error.kind} ${error.code}`;
    throw error;
  }
}

/** As the node would answer truly to another question. */
const answerTo = async (did: string, asked: ResolutionOptions = {}, of = resolver): Promise<string> => {
  const { fetch } = servedNode(ledger, of);
  const query = new URLSearchParams(asked as Record<string, string>);
  const headers = { accept: 'application/did-resolution' };
  return (
    await fetch(`https://node.example/1.0/identifiers/${encodeURIComponent(did)}?${query}`, { headers })
  ).text();
};
const ID = { one: formatVersionId(1, operations.one.id), two: formatVersionId(2, operations.two.id) };

describe('a node that lies to a client with a policy is found out', () => {
  test.each<[string, string, Lie]>([
    ['a proof left out', 'proof_missing', { change: withMetadata({ proof: [] }) }],
    ['a proof in another form', 'proof_malformed', { change: withProof({ salt: 'short' }) }],
    ['a proof with a member of its own', 'proof_malformed', { change: withProof({ trusted: true }) }],
    [
      'the proof of another DID (swapped)',
      'receipt_wrong_subject',
      {
        async change(text) {
          const { proof } = parsed(await answerTo(gone.did)).didDocumentMetadata;
          return withMetadata({ proof })(text);
        },
      },
    ],
    [
      'a receipt cut short',
      'receipt_truncated',
      {
        change: edited((a) => {
          for (const proof of a.didDocumentMetadata.proof)
            proof.receipts = proof.receipts.map((receipt) => cutShort(receipt));
        }),
      },
    ],
    ['an answer of yesterday', 'checkpoint_stale', { later: 61 }],
    ['an answer of tomorrow', 'checkpoint_from_future', { later: -61 }],
    [
      'another network under the same DID',
      'checkpoint_wrong_origin',
      {
        did: other.alice.did,
        asked: { receipt: 'full' },
        status: 200,
        change: () => answerTo(other.alice.did, { receipt: 'full' }, other.resolver),
      },
    ],
    ['too few witnesses', 'quorum_not_met', { policy: policyOf('ledger.example/test', ['own', 'b'], 2) }],
    [
      'an old version for the newest',
      'proof_wrong_version',
      { change: () => answerTo(alice.did, { versionId: ID.two }) },
    ],
    [
      'another version than asked for',
      'proof_wrong_version',
      { asked: { versionId: ID.one }, change: () => answerTo(alice.did) },
    ],
    [
      'the first version for a later time',
      'proof_wrong_version',
      {
        asked: { versionTime: new Date(seconds.now * 1000).toISOString().replace('.000Z', 'Z') },
        change: () => answerTo(alice.did, { versionId: ID.one }),
      },
    ],
    [
      'absence of what is there',
      'not_found_disproved',
      {
        status: 404,
        change(text) {
          const { proof } = parsed(text).didDocumentMetadata;
          const type = 'https://www.w3.org/ns/did#NOT_FOUND';
          const error = { type, proof: proof.map(({ salt: _, ...rest }) => rest) };
          return JSON.stringify({
            didDocument: null,
            didResolutionMetadata: { error },
            didDocumentMetadata: {},
          });
        },
      },
    ],
    [
      'absence by the proof of another one',
      'receipt_wrong_subject',
      { status: 404, change: () => answerTo(stranger.did) },
    ],
    [
      'a deactivation kept back',
      'resolution_differs',
      {
        did: gone.did,
        asked: { versionId: formatVersionId(2, operations.goneTwo.id) },
        status: 200,
        change: withMetadata({ deactivated: undefined, lastVersionId: undefined }),
      },
    ],
    ...['created', 'updated'].map((name): [string, string, Lie] => [
      `another ${name}`,
      'resolution_differs',
      { change: withMetadata({ [name]: '2020-01-01T00:00:00Z' }) },
    ]),
    [
      'a next version that is none',
      'resolution_differs',
      { change: withMetadata({ nextUpdate: '2028-01-01T00:00:00Z' }) },
    ],
    [
      'another context',
      'resolution_differs',
      { change: withDocument({ '@context': ['https://evil.example/context'] }) },
    ],
    [
      'a controller that the commitment does not cover',
      'resolution_differs',
      { change: withDocument({ controller: [stranger.did] }) },
    ],
    [
      'another name of its own',
      'document_mismatch',
      { change: withDocument({ alsoKnownAs: ['https://evil.example/'] }) },
    ],
    [
      'a second document in the same JSON, of which the last counts',
      'document_mismatch',
      {
        change: (text) =>
          text.replace(
            /^\{"didDocument":(.*?),"didResolutionMetadata"/,
            (_, document: string) =>
              `{"didDocument":${document},"didDocument":${document.replaceAll('.example', '.evil')},"didResolutionMetadata"`,
          ),
      },
    ],
  ])('%s', async (_, code, lie) => {
    expect(await told(lie)).toBe(`proof-failed ${code}`);
  });
});

describe('a node that adds to a true answer', () => {
  test.each<[string, (text: string) => string]>([
    [
      'members that nothing proves',
      withMetadata({ canonicalId: stranger.did, equivalentId: [stranger.did] }),
    ],
    ['statements of another vocabulary', withDocument({ keyAgreement: ['x'] })],
    [
      'members of methods and services',
      edited((a) => {
        for (const method of a.didDocument.verificationMethod as object[])
          Object.assign(method, { publicKeyJwk: {} });
      }),
    ],
    [
      'a prototype',
      (text) => {
        const [said = '', ...proof] = text.split('"proof"');
        const polluted = '{"__proto__":{"deactivated":true,"polluted":1},"constructor":1,"';
        return [said.replaceAll('{"', polluted), ...proof].join('"proof"');
      },
    ],
    ['the same member twice', (text) => text.replace('{"', '{"didDocument":null,"')],
  ])('has nothing of it believed: %s', async (_, change) => {
    const truth = await told({});
    expect(truth).toMatchObject({ didDocument: { id: alice.did } });
    expect(await told({ change })).toEqual(truth);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('what is no answer at all is none', () => {
  const padded = (bytes: number) => (text: string) => text + ' '.repeat(bytes - Buffer.byteLength(text));

  test('more than 256 KiB are not read', async () => {
    expect(await told({ change: padded(262_144) })).toMatchObject({ didDocument: { id: alice.did } });
    expect(await told({ change: padded(262_145) })).toBe('INTERNAL_ERROR');
  });

  test.each<[string, Lie]>([
    ['a status that says something else', { status: 410 }],
    ['the document of another DID', { change: () => answerTo(gone.did) }],
    [
      'words that move a cursor',
      {
        status: 500,
        change: () =>
          JSON.stringify({
            didDocument: null,
            didResolutionMetadata: {
              error: { type: 'https://www.w3.org/ns/did#INVALID_DID_DOCUMENT', detail: '\u001b[2Jproven' },
            },
            didDocumentMetadata: {},
          }),
      },
    ],
  ])('%s', async (_, lie) => {
    expect(await told(lie)).toBe('INTERNAL_ERROR');
  });
});
