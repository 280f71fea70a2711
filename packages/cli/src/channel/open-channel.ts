import { fromHex } from '@attestel/core';
import { parentOf } from '@attestel/registry';
import { digestOfModule, SCENARIO_MODULES } from '@attestel/scenarios';
import type { CommandInput, Run } from '../command.ts';
import { didOfParty } from '../did/did-of.ts';
import { fail } from '../errors.ts';
import { textList, wholeNumber } from '../option-values.ts';
import { decide } from './channel-operation.ts';
import { didsOf, listedMembers } from './listed-members.ts';

const MOST_GOVERNORS = 16;

export const run: Run = async ({ values, positionals }) => {
  const channel = positionals[0] as string;
  const named = await didsOf(values, textList(values, 'governor'));
  const [acting] = textList(values, 'as');
  if (acting === undefined) throw fail('argument_missing', { field: '--as' });
  const governors = named.length > 0 ? named : [await didOfParty(values, acting)];
  const body = {
    governors,
    threshold: wholeNumber(values, 'threshold', { fallback: 1, least: 1, most: MOST_GOVERNORS }),
    read: values.public === true ? 'public' : 'members',
    shared: sharedModules(values),
    validity: { from: 0, until: null },
    members: await listedMembers(values),
  };
  const result = await decide(values, { channel, kind: 'open', body });
  const next = `see it with: attestel channel show ${channel} --as ${acting}`;
  return { next, ...result, text: `${channel}, below ${parentOf(channel)}\n${result.text}` };
};

/** Digests of the modules of `--shared`. @throws AppError option_invalid */
function sharedModules(values: CommandInput['values']): Uint8Array[] {
  const executable = SCENARIO_MODULES.filter(({ execution }) => execution.includes('shared'));
  const names = executable.map(({ name, version }) => `${name}@${version}`);
  return textList(values, 'shared').map((name) => {
    const module = executable[names.indexOf(name)];
    if (!module) throw fail('option_invalid', { field: `--shared ${name}: one of ${names.join(', ')}` });
    return fromHex(digestOfModule(module));
  });
}
