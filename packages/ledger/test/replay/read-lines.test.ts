import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLines } from '../../src/index.ts';
import { MAX_LINE_LENGTH } from '../../src/replay/read-lines.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

it('gives the lines of a text however its bytes are cut', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''))),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      async (lines, end, size) => {
        const bytes = Buffer.from(lines.map((line) => line + end).join(''));
        expect(await all(readLines(inPieces(bytes, size)))).toEqual(lines);
      },
    ),
  ));

it('takes a last line without its end', async () => {
  expect(await all(readLines(inPieces(Buffer.from('a\nb'), 1)))).toEqual(['a', 'b']);
});

it('ends at a line that is longer than any entry, however long it goes on', async () => {
  let given = 0;
  const endless = async function* () {
    for (;;) {
      given += 100_000;
      yield new Uint8Array(100_000).fill(0x20);
    }
  };
  await expect(all(readLines(endless()))).rejects.toMatchObject({
    code: 'export_invalid',
    field: 'line 1',
  });
  expect(given).toBeLessThanOrEqual(MAX_LINE_LENGTH + 100_000);
});
