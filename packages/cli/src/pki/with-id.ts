import { type Bytes, toHex } from '@attestel/core';
import type { CommandResult } from '../command.ts';

/** Adds the id that a change gives to what it makes: later commands ask for it. */
export const withId = (result: CommandResult, name: 'anchor' | 'batch', id: Bytes): CommandResult => ({
  ...result,
  data: { ...(result.data as object), [name]: toHex(id) },
  text: `${name.padEnd(9)} ${toHex(id)}\n${result.text}`,
});
