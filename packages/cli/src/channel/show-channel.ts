import { fromBase64url, toHex } from '@attestel/core';
import { digestOfModule, SCENARIO_MODULES } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

interface Shown {
  readonly name: string;
  readonly governors: readonly string[];
  readonly threshold: number;
  readonly read: string;
  /** Digests, base64url. */
  readonly shared: readonly string[];
  readonly members: readonly { readonly did: string; readonly role: string }[];
}

export const run: Run = async ({ values, positionals }) => {
  const node = nodeOf(values);
  const as = textOr(values, 'as', undefined);
  const url = `${node}/v1/channels/${encodeURIComponent(positionals[0] as string)}`;
  const token = as === undefined ? undefined : await (await actAs(dataDirOf(values), as)).token(node);
  const channel = (await callNode(url, token === undefined ? {} : { token })) as Shown;
  return { data: channel, text: linesOf(channel).join('\n') };
};

const linesOf = ({ name, governors, threshold, read, shared, members }: Shown): readonly string[] => [
  `${name}: read by ${read === 'public' ? 'everybody' : 'its members'}, ${threshold} of ${governors.length} governors decide`,
  ...governors.map((did) => `governor  ${did}`),
  ...members.map(({ did, role }) => `${role.padEnd(9)} ${did}`),
  ...shared.map((digest) => `executed  ${moduleOf(toHex(fromBase64url(digest)))}`),
];

/** Name of the module, where this software has it. */
function moduleOf(digest: string): string {
  const module = SCENARIO_MODULES.find((one) => digestOfModule(one) === digest);
  return module ? `${module.name}@${module.version}` : digest;
}
