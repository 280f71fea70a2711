import { isAppError, type JsonValue, parseStrictJson } from '@attestel/core';
import { type DeviceFacts, fromTmf639, readDevicesCsv } from '@attestel/scenarios';
import type { CommandResult, Run } from '../command.ts';
import { type ContractCaller, contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { readText } from '../read-bytes.ts';
import { importMoves } from './import-moves.ts';

/**
 * Registers what a file lists, or takes moves of registered devices from an EPCIS document. The file is read whole before anything
 * is done; each is then taken or not. Exit code 4 where one is refused.
 */
export const run: Run = async ({ values, positionals }) => {
  const format = requiredText(values, 'format');
  const text = await readText(positionals[0] ?? '', 'FILE');
  if (format === 'epcis') {
    const moves = await importMoves(await contractCaller(values), strictJson(text));
    return answerOf(moves, ({ event, id, done, refused }) => `${event} ${id}  ${done ?? refused}`);
  }
  const read = Object.hasOwn(FORMATS, format) ? FORMATS[format as keyof typeof FORMATS] : undefined;
  const known = [...Object.keys(FORMATS), 'epcis'];
  if (!read) throw fail('option_invalid', { field: `--format (${known.join(', ')})` });
  const devices = read(text);
  const rows = await register(await contractCaller(values), devices);
  return answerOf(rows, ({ vendor, serial, id, refused }) => `${vendor} ${serial}  ${id ?? refused}`);
};

function answerOf<Row extends { readonly refused?: string }>(
  rows: readonly Row[],
  textOf: (row: Row) => string,
): CommandResult {
  const isRefused = rows.some((row) => row.refused !== undefined);
  return { data: rows, text: rows.map(textOf).join('\n'), exitCode: isRefused ? 4 : 0 };
}

interface Registered {
  readonly vendor: string;
  readonly serial: string;
  readonly id?: string;
  readonly refused?: string;
}

async function register({ call }: ContractCaller, devices: readonly DeviceFacts[]): Promise<Registered[]> {
  const rows: Registered[] = [];
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
  return rows;
}

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
