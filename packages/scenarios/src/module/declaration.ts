import { type JsonValue, toHex } from '@attestel/core';
import { type Declaration, moduleDigestOf } from '@attestel/registry';
import type { Module } from './module.ts';

/** What names a module on the ledger: its schemas, and its version for its code (specs/event-lines.md §3). */
export function declarationOf(module: Module): Declaration {
  const { name, version, execution, commands, events, credentials, blind = false } = module;
  const commandsOf = Object.entries(commands).map(([command, { schema, on, delegates = [] }]) => [
    command,
    { schema, on, delegates },
  ]);
  const schemas = { commands: Object.fromEntries(commandsOf), events, credentials, blind };
  return { name, version, execution, schemas: schemas as { [part: string]: JsonValue }, succeeds: [] };
}

/** `chaincodeID` of a module: hex. */
export const digestOfModule = (module: Module): string => toHex(moduleDigestOf(declarationOf(module)));
