import { readFile } from 'node:fs/promises';
import { type NodeConfig, type NodeConfigInput, parseNodeConfig, withEnvironment } from '@attestel/server';
import type { CommandInput } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';

/** The configuration of `--config`, with `ATTESTEL_CONFIG_…` over it. @throws argument_missing, config_unreadable */
export async function readNodeConfig(values: CommandInput['values']): Promise<NodeConfig> {
  const path = textOr(values, 'config', undefined);
  if (path === undefined) throw fail('argument_missing', { field: '--config' });
  let input: NodeConfigInput;
  try {
    input = JSON.parse(await readFile(fromHere(path), 'utf8'));
  } catch (cause) {
    throw fail('config_unreadable', { field: '--config', cause });
  }
  return parseNodeConfig(withEnvironment(input, process.env));
}

/** @throws argument_missing: a member's keys are never opened with a passphrase that stands in the source */
export function nodePassphrase(): string {
  const passphrase = process.env.ATTESTEL_PASSPHRASE;
  if (!passphrase) throw fail('argument_missing', { field: 'ATTESTEL_PASSPHRASE in the environment' });
  return passphrase;
}
