import type { Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { instantText } from '../option-values.ts';
import { anchorsAt, type ListedAnchor } from './listed.ts';

export const run: Run = async ({ values }) => {
  const anchors = await anchorsAt(nodeOf(values));
  return { data: anchors, text: anchors.length === 0 ? 'No anchor.' : anchors.map(textOf).join('\n\n') };
};

const textOf = ({ id, standing, from, until, scope }: ListedAnchor): string => {
  const names = [...scope.plmns, ...scope.slices, ...scope.dns, ...scope.serials];
  return [
    id,
    `  ${scope.kind}, ${standing}, from ${instantText(from)}${until === null ? '' : ` until ${instantText(until)}`}`,
    `  of     ${scope.owner}`,
    `  for    ${names.join(' ')}`,
    `  roles  ${scope.roles.join(' ')}`,
  ].join('\n');
};
