import { fromHex, toBase64url } from '@attestel/core';
import type { CommandInput } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode } from '../node-api.ts';
import { requiredText } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export interface LineOnLedger {
  readonly actor: string;
  /** Of a line with a batch; root base64url. */
  readonly batch: { readonly size: number; readonly root: string } | null;
}

interface Wanted {
  readonly node: string;
  readonly channel: string;
  /** Hex. */
  readonly line: string;
  readonly values: CommandInput['values'];
}

/** A line as the ledger has it: whoever may read the channel may ask. */
export async function fetchLine({ node, channel, line, values }: Wanted): Promise<LineOnLedger> {
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const path = ['v1', 'channels', channel, 'lines', toBase64url(fromHex(line))].map(encodeURIComponent);
  return (await callNode(`${node}/${path.join('/')}`, { token: await token(node) })) as LineOnLedger;
}
