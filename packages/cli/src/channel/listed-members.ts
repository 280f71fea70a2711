import type { CommandInput } from '../command.ts';
import { didOfParty } from '../did/did-of.ts';
import { instant, textList } from '../option-values.ts';

type Values = CommandInput['values'];

/** DIDs of parties, each given as DID or by its name in the data folder. @throws AppError data_missing */
export const didsOf = (values: Values, names: readonly string[]): Promise<string[]> =>
  Promise.all(names.map((name) => (name.startsWith('did:') ? name : didOfParty(values, name))));

/** Members as `--writer`, `--reader` and `--until` say. @throws AppError data_missing, option_invalid */
export async function listedMembers(values: Values) {
  const validity = { from: 0, until: instant(values, 'until', null) };
  const [writers, readers] = await Promise.all(
    ['writer', 'reader'].map((role) => didsOf(values, textList(values, role))),
  );
  return [
    ...(writers ?? []).map((did) => ({ did, role: 'writer', validity })),
    ...(readers ?? []).map((did) => ({ did, role: 'reader', validity })),
  ];
}
