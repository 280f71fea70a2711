import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandInput, CommandResult } from '../command.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';

export const SAMPLE_SEED = '20261122';

export const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes the files below `--out`, or prints the sample where there is none. */
export async function giveSample(
  values: CommandInput['values'],
  sample: unknown,
  files: ReadonlyMap<string, string>,
): Promise<CommandResult> {
  const out = textOr(values, 'out', undefined);
  if (out === undefined) return { data: sample, text: JSON.stringify(sample, null, 2) };
  const folder = fromHere(out);
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const names = [...files.keys()];
  return { data: { folder, files: names }, text: names.map((name) => join(out, name)).join('\n') };
}
