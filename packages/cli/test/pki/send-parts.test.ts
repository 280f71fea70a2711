import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import { type PartAnswer, partsOf, type Ready, sendParts } from '../../src/pki/send-parts.ts';

const entry = (file: string, certificate = 'AA=='): Ready => ({
  ...{ file, item: { certificate, possession: 'AA==', replaces: null, origin: null } },
});
const ENTRIES = ['a', 'b', 'c', 'd', 'e'].map((name) => entry(`${name}.crt`));
const PARTS = partsOf(ENTRIES, 2);
const namesIn = (part: readonly Ready[]): string => part.map(({ file }) => file[0]).join('');

/** Publishes the first of each part and rejects the others. */
const half = async ([first, ...others]: readonly Ready[]): Promise<PartAnswer> => ({
  published: first ? [{ file: first.file, hash: 'ab', index: 0 }] : [],
  rejected: others.map(({ file }) => ({ file, code: 'pki_key_taken' })),
});
const refusing = (name: string, error: Error) => {
  const sent: string[] = [];
  const send = async (part: readonly Ready[]): Promise<PartAnswer> => {
    sent.push(namesIn(part));
    if (namesIn(part).startsWith(name)) throw error;
    return half(part);
  };
  return { sent, send };
};

describe('certificates of one submission', () => {
  it('go in as few requests as hold them, by number and by size', () => {
    expect(PARTS.map(namesIn)).toEqual(['ab', 'cd', 'e']);
    const large = ['a', 'b', 'c'].map((name) => entry(`${name}.crt`, 'A'.repeat(9_000_000)));
    expect(partsOf(large).map(namesIn)).toEqual(['ab', 'c']);
    expect(partsOf([])).toEqual([]);
  });

  it('are told of, whichever request they were in', async () => {
    const { published, rejected, stopped } = await sendParts(PARTS, half);
    expect(published.map(({ file }) => file)).toEqual(['a.crt', 'c.crt', 'e.crt']);
    expect(rejected.map(({ file }) => file)).toEqual(['b.crt', 'd.crt']);
    expect(stopped).toBeUndefined();
  });

  it('are told of, too, where a later request is refused as a whole; none is sent after it', async () => {
    const error = fail('not_running');
    const { sent, send } = refusing('c', error);
    const { published, rejected, stopped } = await sendParts(PARTS, send);
    expect(sent).toEqual(['ab', 'cd']);
    expect(published.map(({ file }) => file)).toEqual(['a.crt']);
    expect(rejected.map(({ file }) => file)).toEqual(['b.crt']);
    expect(stopped).toEqual({ error, files: ['c.crt', 'd.crt', 'e.crt'] });
  });

  it('are an error where the first request is refused as a whole, and where the fault is ours', async () => {
    await expect(sendParts(PARTS, refusing('a', fail('not_running')).send)).rejects.toMatchObject({
      code: 'not_running',
    });
    await expect(sendParts(PARTS, refusing('c', new TypeError('ours')).send)).rejects.toThrow(TypeError);
  });
});
