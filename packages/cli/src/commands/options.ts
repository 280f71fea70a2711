import type { CommandOption } from '../command.ts';

const text = (help: string) => ({ type: 'string', help }) as const satisfies CommandOption;

/** Options that several commands share. */
export const DATA = { data: text('folder of the parties (default $ATTESTEL_DATA or .attestel)') };
export const NODE = { node: text('origin of a node (default http://localhost:4101)') };
export const BRIDGE = { bridge: text('origin of the bridge (default http://localhost:4110)') };
