import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useAsync } from '../../app/use-async.ts';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { ObjectPage } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { countText } from '../i18n/format.ts';
import { byScenario } from '../model/scenarios.ts';
import { Link } from '../parts/link.tsx';
import { Page } from '../parts/page.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { useRouter } from '../router.ts';

/** All modules of the node, by scenario, with how many objects the reader sees of each. */
export function ModulesScreen(): JSX.Element {
  const { t, locale, config, session } = useDesk();
  const { channel } = useRouter();
  return (
    <Page title={t.modules.title} lead={fillText(t.modules.lead, { name: config.name[locale] })}>
      {session.channels.length > 1 && (
        <nav class="chips" aria-label={t.channel}>
          {session.channels.map((name) => (
            <Link key={name} to={{ page: 'modules' }} channel={name} class="chip" current={name === channel}>
              {name}
            </Link>
          ))}
        </nav>
      )}
      {byScenario(config.modules).map(([scenario, modules]) => (
        <section key={scenario} class="scenario" aria-labelledby={`scenario-${scenario}`}>
          <h2 id={`scenario-${scenario}`}>{t.scenarios[scenario] ?? scenario}</h2>
          <ul class="tiles">
            {modules.map((module) => (
              <li key={module.id}>
                <ModuleTile module={module} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function ModuleTile({ module }: { module: ConsoleModule }): JSX.Element {
  const { t, locale, api } = useDesk();
  const { channel } = useRouter();
  const lists = module.queries.includes('objects');
  const { result } = useAsync(
    async () => (lists ? api.objects({ channel, module: module.id }, { limit: 1 }) : undefined),
    module.id,
  );
  const page = result.state === 'done' ? result.value : undefined;
  return (
    <Link to={{ page: 'objects', module: module.id }} class={page?.total === 0 ? 'tile empty-tile' : 'tile'}>
      <strong>{module.summary[locale]}</strong>
      <small>{module.id}</small>
      <span class="tile-counts">{page && <Counts page={page} />}</span>
      <span class="visually-hidden">{result.state === 'failed' ? t.errors.unknown : ''}</span>
    </Link>
  );
}

const SHOWN = 3;

function Counts({ page }: { page: ObjectPage }): JSX.Element {
  const { t } = useDesk();
  return (
    <>
      <span class={page.total === 0 ? 'soft' : 'count'}>{countText(page.total, t)}</span>
      {Object.keys(page.statuses)
        .slice(0, SHOWN)
        .map((status) => (
          <StatusBadge key={status} status={status} />
        ))}
    </>
  );
}
