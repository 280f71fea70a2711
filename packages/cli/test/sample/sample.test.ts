import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleData } from '@attestel/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-sample-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** SHA-256 over names and bytes of all files. */
async function digestOf(of: string): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(of, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file.slice(of.length)).update(await readFile(file));
  return hash.digest('hex');
}

describe.each([
  ['devices', '750060b80dd2'],
  ['roaming', 'aec0f71d8a5d'],
  ['data', '64423968c334'],
])('attestel sample %s', (name, expected) => {
  const write = async (out: string, seed: string): Promise<string> => {
    const ran = await attestel('sample', name, '--seed', seed, '--out', join(folder, out));
    expect(ran.code).toBe(0);
    return digestOf(join(folder, out));
  };

  it('writes the same bytes for the same seed, on every machine, and others for another', async () => {
    const digest = await write(`${name}-a`, '7');
    expect(await write(`${name}-b`, '7')).toBe(digest);
    expect(digest.slice(0, 12)).toBe(expected);
    expect(await write(`${name}-c`, '8')).not.toBe(digest);
  });

  it('prints what it would write', async () => {
    const ran = await attestel('sample', name, '--seed', '7', '--json');
    expect(Object.keys(JSON.parse(ran.out))).not.toEqual([]);
  });
});

describe('attestel sample roaming', () => {
  it.each(['202613', '43466', '2026'])('refuses %s as a month', async (from) => {
    expect(await attestel('sample', 'roaming', '--from', from, '--json')).toMatchObject({ code: 2 });
  });

  it('says that there is no demo yet', async () => {
    const ran = await attestel('sample', 'roaming', '--demo', '--data', join(folder, 'none'), '--json');
    expect(ran).toMatchObject({ code: 5 });
  });
});

describe('sampleData', () => {
  it('has the checksums of its own rows', () => {
    for (const { body, data, sample } of sampleData({ seed: '7' }).sets) {
      const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
      expect(body.distribution.checksum).toBe(sha256(data));
      expect(body.sample).toMatchObject({ checksum: sha256(sample), byteSize: sample.length });
      expect(data.startsWith(sample)).toBe(true);
    }
  });
});
