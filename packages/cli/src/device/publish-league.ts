import type { Metrics } from '@attestel/scenarios';
import type { CommandInput, Run } from '../command.ts';
import { contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';

const LEAGUE = 'device.league@1';

type Figures = Metrics & { readonly province: string };
interface Published {
  readonly id: string;
  readonly provinces: readonly Figures[];
}

/** Figures of the provinces, each from its own channel, as one document of the group's; a later run corrects it. */
export const run: Run = async ({ values, positionals, progress }) => {
  const period = requiredText(values, 'period');
  const channel = requiredText(values, 'channel');
  const found: Figures[] = [];
  for (const province of positionals) {
    progress(`${province}: asking`);
    found.push(...(await figuresIn(values, province, period)));
  }
  const provinces = found.sort((a, b) => (a.province < b.province ? -1 : 1));
  if (provinces.length === 0) throw fail('data_missing', { field: `devices in ${positionals.join(', ')}` });
  const { call } = await contractCaller(values);
  const query = new URLSearchParams({ period });
  const { result } = (await call(LEAGUE, ['queries', 'month'], { query })) as { result: Published | null };
  const table = provinces.map(lineOf).join('\n');
  if (result && JSON.stringify(result.provinces.map(lineOf)) === JSON.stringify(provinces.map(lineOf)))
    return { data: result, text: `${table}\n\nPublished already, as it is.` };
  const body = { body: { period, provinces } };
  const done = (await (result
    ? call(LEAGUE, ['supersede'], { method: 'POST', query: new URLSearchParams({ id: result.id }), body })
    : call(LEAGUE, ['publish'], { method: 'POST', body }))) as { readonly id: string };
  const next = `provinces ask: attestel contract query ${LEAGUE} month period=${period} --channel ${channel}`;
  return { data: { ...done, period, provinces }, text: `${table}\n\nobject  ${done.id}`, next };
};

async function figuresIn(
  values: CommandInput['values'],
  channel: string,
  period: string,
): Promise<readonly Figures[]> {
  const { call } = await contractCaller({ ...values, channel });
  const query = new URLSearchParams({ period, by: 'province' });
  const { result } = (await call('device.item@1', ['queries', 'metrics'], { query })) as {
    result: Readonly<Record<string, Metrics>>;
  };
  return Object.entries(result).map(([province, metrics]) => ({ province, ...metrics }));
}

const COLUMNS = [
  'coverage',
  'frequency',
  'quality',
  'faults',
  'faultRate',
  'handlingHours',
  'withinSla',
] as const;

const lineOf = (figures: Figures): string =>
  [figures.province, ...COLUMNS.map((name) => `${name} ${figures[name] ?? '-'}`)].join('  ');
