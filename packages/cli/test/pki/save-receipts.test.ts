import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '@attestel/core';
import { encodeCertificateProof } from '@attestel/pki';
import { encodeReceipt } from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certify } from '../../../pki/test/ledger/devices.ts';
import { saveReceipts } from '../../src/pki/save-receipts.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receipts-'));
  file = join(folder, 'cell.crt');
  await writeFile(file, (await certify()).certificate);
});
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

const proof = (isPublished: boolean): Bytes =>
  encodeCertificateProof({
    receipts: [
      encodeReceipt({
        ...{ kind: 'state', module: 'pki', key: 'cert/x' },
        checkpoint: { form: 'reference', hash: new Uint8Array(32) },
        path: {
          siblings: [],
          end: isPublished ? { kind: 'own', value: Uint8Array.of(1) } : { kind: 'empty' },
        },
      }),
    ],
  });

/** A node that answers so, one after another, the last for ever. */
async function nodeOf(...answers: readonly (Bytes | number)[]): Promise<string> {
  let asked = 0;
  const server = createServer((_request, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] as Bytes | number;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(answer);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const save = async (...answers: readonly (Bytes | number)[]) => {
  let pauses = 0;
  const node = await nodeOf(...answers);
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  const without = await saveReceipts([file], { node, progress: () => {}, pause });
  return { without, pauses, files: await readdir(folder) };
};

describe('receipts beside certificates', () => {
  it('are of a checkpoint that has the certificate, and waited for', async () => {
    expect(await save(503, proof(false), proof(true))).toEqual({
      ...{ without: [], pauses: 2, files: ['cell.crt', 'cell.receipt'] },
    });
  });

  it('are not written where the node proves only that there was nothing, and not asked for without end', async () => {
    const { without, pauses, files } = await save(proof(false));
    expect({ without, files }).toEqual({ without: [{ file, code: 'receipt_not_yet' }], files: ['cell.crt'] });
    expect(pauses).toBeLessThan(100);
  });

  it('are not waited for one by one where the first was waited for in vain', async () => {
    const many = Array.from({ length: 200 }, () => file);
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
    };
    const without = await saveReceipts(many, { node: await nodeOf(503), progress: () => {}, pause });
    expect(without).toEqual(many.map(() => ({ file, code: 'pki_node_unreachable' })));
    expect(pauses).toBeLessThan(400);
  });

  it('spoil nothing else where there is no proof in the answer, or no room for the file', async () => {
    const malformed = await save(Uint8Array.of(1, 2, 3));
    expect(malformed.without).toEqual([{ file, code: 'pki_proof_malformed' }]);
    const within = await save(encodeCertificateProof({ receipts: [Uint8Array.of(1, 2, 3)] }));
    expect(within.without).toEqual([{ file, code: 'pki_proof_malformed' }]);
    await mkdir(join(folder, 'cell.receipt'));
    const unwritable = await save(proof(true));
    expect(unwritable.without).toEqual([{ file, code: 'receipt_unwritable' }]);
  });
});
