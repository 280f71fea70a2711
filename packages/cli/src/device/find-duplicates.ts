import { duplicatesOf, type Numbered } from '@attestel/scenarios';
import type { CommandInput, Run } from '../command.ts';
import { contractCaller } from '../contract/contract-call.ts';

const ITEM = 'device.item@1';
const PAGE = 1000;

/** Numbers that things of several provinces' channels have, as the party sees them: exit code 4 where there is one. */
export const run: Run = async ({ values, positionals, progress }) => {
  const things: Numbered[] = [];
  for (const channel of new Set(positionals)) {
    progress(`${channel}: asking`);
    things.push(...(await thingsIn(values, channel)));
  }
  const duplicates = duplicatesOf(things);
  const lines = duplicates.map(({ vendor, serial, places }) => {
    const where = places.map(({ channel, id }) => `${channel} ${id}`).join('  ');
    return `${vendor} ${serial}  ${where}`;
  });
  const text = [...lines, `${things.length} things, ${duplicates.length} numbers more than once`].join('\n');
  return { data: { things: things.length, duplicates }, text, exitCode: duplicates.length > 0 ? 4 : 0 };
};

interface Part {
  readonly result: readonly Omit<Numbered, 'channel'>[];
  readonly next?: string;
}

async function thingsIn(values: CommandInput['values'], channel: string): Promise<readonly Numbered[]> {
  const { call } = await contractCaller({ ...values, channel });
  const things: Numbered[] = [];
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(after === null ? {} : { after }) });
    const { result, next } = (await call(ITEM, ['queries', 'serials'], { query })) as unknown as Part;
    things.push(...result.map((thing) => ({ channel, ...thing })));
    after = next;
  }
  return things;
}
