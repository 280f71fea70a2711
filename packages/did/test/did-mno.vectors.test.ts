import { readdirSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { decodeOperation, encodeOperation } from '@attestel/ledger';
import { describe, expect, test } from 'vitest';
import { documentCommitment, parseAttachment } from '../src/document/attachment.ts';
import {
  formatVersionId,
  isDid,
  parseDid,
  parseDidUrl,
  parseGenesis,
  verifyFirstDocument,
} from '../src/index.ts';
import { sha256 } from '../src/sha256.ts';
import { readHead } from '../src/state/records.ts';
import { FakeLedger } from './fakes/ledger.ts';
import { allVectors, VECTOR_FOLDER } from './make-vectors/all-vectors.ts';

const read = <Shape>(name: string): Shape =>
  JSON.parse(readFileSync(new URL(name, VECTOR_FOLDER), 'utf8')) as Shape;

const generated = await allVectors();

describe('conformance/vectors/did-mno', () => {
  test('holds exactly the files that are run here', () => {
    expect(readdirSync(VECTOR_FOLDER).sort()).toEqual(Object.keys(generated).sort());
  });

  test.each(Object.keys(generated))('%s comes out of the generator byte for byte', (name) => {
    expect(readFileSync(new URL(name, VECTOR_FOLDER), 'utf8')).toBe(generated[name]);
  });
});

describe('syntax', () => {
  const vectors = read<{
    accepted: { did: string; network: string; digest: string }[];
    rejected: { did: string; reason: string }[];
    rejectedUrls: { didUrl: string; reason: string }[];
  }>('syntax.json');

  test.each(vectors.accepted)('$did', ({ did, network, digest }) => {
    expect(parseDid(did)).toMatchObject({ network, digest: fromHex(digest) });
  });

  test.each(vectors.rejected)('$did is refused: $reason', ({ did }) => {
    expect(isDid(did)).toBe(false);
  });

  test.each(vectors.rejectedUrls)('$didUrl is refused: $reason', ({ didUrl }) => {
    expect(() => parseDidUrl(didUrl)).toThrow();
  });
});

describe('genesis', () => {
  const vectors = read<{
    accepted: {
      name: string;
      network: string;
      genesis: string;
      salt: string;
      template: unknown;
      attachment: string;
      did: string;
      document: unknown;
    }[];
    rejected: { name: string; code: string; did: string; genesis: string; attachment: string }[];
  }>('genesis.json');

  test.each(vectors.accepted)('$name', ({ network, genesis, salt, template, attachment, did, document }) => {
    const parsed = parseAttachment(fromHex(attachment), network);
    expect([toHex(parsed.salt), parsed.template]).toEqual([salt, template]);
    const commitment = parseGenesis(fromHex(genesis), sha256).document;
    expect(toHex(documentCommitment(parsed, sha256))).toBe(toHex(commitment));
    expect(verifyFirstDocument(did, fromHex(genesis), fromHex(attachment), sha256)).toEqual(document);
  });

  test('the example in the specification is one of them', () => {
    const specification = readFileSync(new URL('../../../specs/did-mno.md', import.meta.url), 'utf8');
    const example = vectors.accepted.find(({ name }) => name === 'nothing in the document');
    const unwrapped = specification.replace(/\n +/g, '');
    for (const value of [example?.genesis, example?.salt, example?.did]) {
      expect(unwrapped).toContain(value ?? 'missing');
    }
  });

  test.each(vectors.rejected)('refused: $name', ({ code, did, genesis, attachment }) => {
    expect(() => verifyFirstDocument(did, fromHex(genesis), fromHex(attachment), sha256)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('operations', () => {
  interface Step {
    name: string;
    payload: string;
    id: string;
    signatures: [string, string][];
    attachment: string | null;
    expected: string | { did: string; versionId: string };
  }

  test.each(['operations.json', 'rotation.json'])(
    '%s: each has the outcome that it names, in order',
    (name) => {
      const { network, steps } = read<{ network: string; steps: Step[] }>(name);
      const ledger = new FakeLedger(network);
      for (const step of steps) {
        const operation = operationOf(step);
        expect(toHex(operation.id), step.name).toBe(step.id);
        expect(outcomeOf(ledger, operation), step.name).toEqual(step.expected);
      }
    },
  );

  function operationOf({ payload, signatures, attachment }: Step): Operation {
    const wire: Pick<Operation, 'payloadBytes' | 'signatures' | 'attachment'> = {
      payloadBytes: fromHex(payload),
      signatures: signatures.map(([key, signature]) => ({
        key: fromHex(key),
        signature: fromHex(signature),
      })),
      attachment: attachment === null ? null : fromHex(attachment),
    };
    // encodeOperation reads nothing but the bytes; decoding fills in what follows from them.
    return decodeOperation(encodeOperation(wire as Operation));
  }

  function outcomeOf(ledger: FakeLedger, operation: Operation): Step['expected'] {
    try {
      ledger.submit(operation);
    } catch (error) {
      return (error as { code: string }).code;
    }
    const did = operation.payload.actor;
    const head = readHead(ledger.state('did'), did);
    return { did, versionId: head ? formatVersionId(head.version, head.operation) : '' };
  }
});
