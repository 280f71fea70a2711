import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useAsync } from '../../app/use-async.ts';
import { channelsBelow } from '../board/channels.ts';
import {
  barsOf,
  DIMENSIONS,
  type Dimension,
  type Groups,
  joined,
  METRICS,
  type MetricName,
  monthsBack,
  SHARES,
} from '../board/device-metrics.ts';
import { Bars } from '../charts/bars.tsx';
import { useDesk } from '../desk.ts';
import { numberText, shareText } from '../i18n/format.ts';
import { moduleNamed } from '../model/scenarios.ts';
import { Link } from '../parts/link.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { useRouter } from '../router.ts';

const MONTHS = 13;

/** Metrics of all provinces by one formula, a chart each; the objects that they are made of are a click away. */
export function DeviceBoard(): JSX.Element {
  const { t, api, config, trust, session } = useDesk();
  const { channel } = useRouter();
  const months = monthsBack(trust.now(), MONTHS);
  const [period, setPeriod] = useState(months[0] ?? '');
  const [by, setBy] = useState<Dimension>('province');
  const module = moduleNamed(config.modules, 'device.item');
  const channels = channelsBelow(channel, session.channels);
  const { result, reload } = useAsync(async () => {
    if (!module) return {};
    const ask = (name: string): Promise<Groups> =>
      api.query({ channel: name, module: module.id }, 'metrics', { period, by });
    return joined(await Promise.all(channels.map(async (name) => [name, await ask(name)] as const)));
  }, `${channel} ${period} ${by}`);
  return (
    <>
      <div class="filters">
        <Choice label={t.board.period} value={period} values={months} onChoose={setPeriod} />
        <Choice
          label={t.board.by}
          value={by}
          values={DIMENSIONS}
          textOf={(name) => t.device.dimensions[name] ?? name}
          onChoose={(name) => setBy(DIMENSIONS.find((one) => one === name) ?? 'province')}
        />
      </div>
      <Loaded result={result} onAgain={reload}>
        {(groups) => <Charts groups={groups} by={by} />}
      </Loaded>
      <Behind names={['device.item', 'device.inspection', 'device.fault', 'device.plan']} />
    </>
  );
}

function Charts({ groups, by }: { groups: Groups; by: Dimension }): JSX.Element {
  const { t, locale } = useDesk();
  if (Object.keys(groups).length === 0) return <p class="empty-text">{t.board.empty}</p>;
  const isShare = (metric: MetricName): boolean => SHARES.includes(metric);
  return (
    <div class="charts">
      {METRICS.map((metric) => (
        <Bars
          key={metric}
          {...t.device.metrics[metric]}
          bars={barsOf(groups, metric)}
          {...(isShare(metric) ? { full: 1 } : {})}
          say={(value) => (isShare(metric) ? shareText(value, locale) : numberText(value, locale))}
          labelHead={t.device.dimensions[by] ?? by}
        />
      ))}
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  values: readonly string[];
  textOf?: (value: string) => string;
  onChoose: (value: string) => void;
}): JSX.Element {
  const { textOf = (value: string) => value } = props;
  return (
    <label class="select">
      <span>{props.label}</span>
      <select value={props.value} onChange={({ currentTarget }) => props.onChoose(currentTarget.value)}>
        {props.values.map((value) => (
          <option key={value} value={value}>
            {textOf(value)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Where the figures of a board come from. */
export function Behind({ names }: { names: readonly string[] }): JSX.Element {
  const { t, locale, config } = useDesk();
  const modules = names.flatMap((name) => moduleNamed(config.modules, name) ?? []);
  return (
    <nav class="behind" aria-label={t.board.evidence}>
      <span class="soft small">{t.board.evidence}</span>
      {modules.map((module) => (
        <Link key={module.id} to={{ page: 'objects', module: module.id }} class="chip">
          {module.summary[locale]}
        </Link>
      ))}
    </nav>
  );
}
