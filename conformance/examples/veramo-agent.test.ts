import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createHttpResolver } from '@attestel/did';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedLedger, serveLedger } from './serve-ledger.ts';

const main = fileURLToPath(new URL('../../examples/veramo-agent/src/main.ts', import.meta.url));
const PASSPHRASE = 'only for this test';

let ledger: ServedLedger;
let folder: string;
const run = (env: Readonly<Record<string, string>>) =>
  promisify(execFile)(process.execPath, ['--conditions=source', main], {
    env: { PATH: process.env.PATH, CONTROL_KEYS: join(folder, 'control-keys'), ...env },
  });

beforeAll(async () => {
  ledger = await serveLedger('veramo');
  folder = await mkdtemp(join(tmpdir(), 'veramo-agent-'));
});

afterAll(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

describe('the Veramo agent, beside a ledger that knows nothing of it', () => {
  test('makes a DID, signs and verifies with it, rotates its control key and ends it', async () => {
    const env = { NODE_URL: ledger.origin, NETWORK: ledger.network, CONTROL_KEYS_PASSPHRASE: PASSPHRASE };
    const { stdout } = await run(env);
    expect(stdout).toMatch(
      new RegExp(
        [
          '^created {5}(?<did>did:mno:veramo:zQm\\w{44})',
          'signed {6}(?<jwt>[\\w-]+\\.[\\w-]+\\.[\\w-]+)',
          'verified {4}true',
          'rotated {5}version 2, verified true',
          'deactivated version 3, verified false\\n$',
        ].join('\\n'),
      ),
    );
    // What the agent said of itself is what the ledger says.
    const did = /did:mno:\S+/.exec(stdout)?.[0] ?? '';
    const resolver = createHttpResolver({ endpoint: ledger.origin, fetch });
    const { didDocumentMetadata } = await resolver.resolve(did);
    expect(didDocumentMetadata).toMatchObject({ deactivated: true, versionId: expect.stringMatching(/^3-/) });
    const first = await resolver.resolve(did, { versionId: didDocumentMetadata.lastVersionId ?? '' });
    const [, payload = ''] = /signed\s+\S+?\.(\S+?)\./.exec(stdout) ?? [];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: did });
    expect(first.didDocument?.assertionMethod).toHaveLength(1);
    expect((await readFile(join(folder, 'control-keys'))).includes(PASSPHRASE)).toBe(false);
  });

  test('says what is missing', async () => {
    await expect(run({ NODE_URL: ledger.origin, NETWORK: ledger.network })).rejects.toThrow(
      'CONTROL_KEYS_PASSPHRASE is missing',
    );
  });

  test('ends with the refusal of a ledger of another network', async () => {
    const env = { NODE_URL: ledger.origin, NETWORK: 'elsewhere', CONTROL_KEYS_PASSPHRASE: PASSPHRASE };
    await expect(run(env)).rejects.toThrow(/made for another network|wrong_network/);
  });
});
