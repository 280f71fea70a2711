import { isAppError, type JsonValue, parseStrictJson } from '@attestel/core';
import { fromTmf639, readDevicesCsv } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { readText } from '../read-bytes.ts';

/** Registers what a file lists. The file is read whole before the first one is registered; each is then taken or not. */
export const run: Run = async ({ values, positionals }) => {
  const format = requiredText(values, 'format');
  const read = Object.hasOwn(FORMATS, format) ? FORMATS[format as keyof typeof FORMATS] : undefined;
  if (!read) throw fail('option_invalid', { field: `--format (${Object.keys(FORMATS).join(', ')})` });
  const devices = read(await readText(positionals[0] ?? '', 'FILE'));
  const { call } = await contractCaller(values);
  const rows = [];
  for (const facts of devices) {
    const { vendor, serial } = facts;
    try {
      const done = await call('device.item@1', ['register'], { method: 'POST', body: { facts } });
      rows.push({ vendor, serial, id: (done as { readonly id: string }).id });
    } catch (error) {
      if (!isAppError(error) || error.kind === 'unavailable') throw error;
      rows.push({ vendor, serial, refused: error.code });
    }
  }
  const refused = rows.filter((row) => row.refused !== undefined).length;
  return {
    data: rows,
    text: rows.map(({ vendor, serial, id, refused }) => `${vendor} ${serial}  ${id ?? refused}`).join('\n'),
    exitCode: refused === 0 ? 0 : 4,
  };
};

/** More levels than a resource has, and some hundred thousand resources. */
const LIMITS = { depth: 8, items: 20_000_000 };

const FORMATS = {
  csv: readDevicesCsv,
  tmf639(text: string) {
    const listed = strictJson(text);
    if (!Array.isArray(listed)) throw fail('option_invalid', { field: 'FILE (a list of resources)' });
    return listed.map((resource, i) => fromTmf639(resource, `/${i}`));
  },
};

/** @throws AppError config_unreadable */
function strictJson(text: string): JsonValue {
  try {
    return parseStrictJson(text, LIMITS);
  } catch (cause) {
    throw fail('config_unreadable', { field: 'FILE', cause });
  }
}
