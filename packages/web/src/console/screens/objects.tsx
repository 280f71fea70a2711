import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useAsync } from '../../app/use-async.ts';
import type { JsonObject, ObjectPage } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { statusText } from '../i18n/format.ts';
import { Link } from '../parts/link.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { ObjectTable } from '../parts/object-table.tsx';
import { Page } from '../parts/page.tsx';
import { addressOf, useRouter } from '../router.ts';

const PAGE = 25;

/** Objects of a module: by status and party, what changed last first. */
export function ObjectsScreen({ module }: { module: string }): JSX.Element {
  const { t, locale, config } = useDesk();
  const { query } = useRouter();
  const declared = config.modules.find(({ id }) => id === module);
  const [status, party] = [query.get('status') ?? undefined, query.get('party') ?? undefined];
  return (
    <Page
      title={declared?.summary[locale] ?? module}
      above={<Link to={{ page: 'modules' }}>{t.modules.title}</Link>}
      lead={module}
    >
      {declared && !declared.queries.includes('objects') ? (
        <p class="soft">{t.objects.noList}</p>
      ) : (
        <Listing key={`${status} ${party}`} {...{ module, status, party }} />
      )}
      <OpenById module={module} />
    </Page>
  );
}

interface ListingProps {
  readonly module: string;
  readonly status: string | undefined;
  readonly party: string | undefined;
}

function Listing({ module, status, party }: ListingProps): JSX.Element {
  const { t, api } = useDesk();
  const { channel } = useRouter();
  const name = { channel, module };
  const { result, reload } = useAsync(
    () => api.objects(name, { status, party, limit: PAGE }),
    `${module} ${channel} ${status} ${party}`,
  );
  return (
    <Loaded result={result} onAgain={reload}>
      {(first) => (
        <>
          <Filters {...{ module, status, party, page: first }} />
          {first.rows.length === 0 ? (
            <p class="empty-text">{status || party ? t.objects.emptyFiltered : t.objects.empty}</p>
          ) : (
            <Pages
              first={first}
              module={module}
              load={(after) => api.objects(name, { status, party, after, limit: PAGE })}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Pages(props: {
  first: ObjectPage;
  module: string;
  load: (after: JsonObject) => Promise<ObjectPage>;
}): JSX.Element {
  const { t } = useDesk();
  const [more, setMore] = useState<readonly ObjectPage[]>([]);
  const [hasFailed, setFailed] = useState(false);
  const { next } = more.at(-1) ?? props.first;
  const rows = [props.first, ...more].flatMap((page) => page.rows);
  const load = (after: JsonObject): void => {
    setFailed(false);
    props.load(after).then(
      (page) => setMore((before) => [...before, page]),
      () => setFailed(true),
    );
  };
  return (
    <>
      <ObjectTable rows={rows} module={props.module} />
      <p class="soft small" role="status">
        {hasFailed
          ? t.errors.unknown
          : fillText(t.objects.shown, { shown: rows.length, total: props.first.total })}
      </p>
      {next && (
        <button type="button" class="secondary more" onClick={() => load(next)}>
          {t.objects.more}
        </button>
      )}
    </>
  );
}

function Filters({ module, status, party, page }: ListingProps & { page: ObjectPage }): JSX.Element {
  const { t, locale, names } = useDesk();
  const { channel, navigate } = useRouter();
  const to = { page: 'objects', module } as const;
  const queryOf = (of: string | undefined, by: string | undefined): { readonly [name: string]: string } => ({
    ...(of === undefined ? {} : { status: of }),
    ...(by === undefined ? {} : { party: by }),
  });
  const choose = ({ currentTarget: { value } }: JSX.TargetedEvent<HTMLSelectElement>): void =>
    navigate(addressOf(to, channel, queryOf(status, value === '' ? undefined : value)));
  const all = Object.values(page.statuses).reduce((sum, count) => sum + count, 0);
  return (
    <div class="filters">
      <nav class="chips" aria-label={t.objects.filter}>
        <Link to={to} query={queryOf(undefined, party)} class="chip" current={status === undefined}>
          {t.objects.all} <span class="chip-count">{all}</span>
        </Link>
        {Object.entries(page.statuses).map(([name, count]) => (
          <Link key={name} to={to} query={queryOf(name, party)} class="chip" current={status === name}>
            {statusText(name, t)} <span class="chip-count">{count}</span>
          </Link>
        ))}
      </nav>
      <label class="select">
        <span>{t.objects.party}</span>
        <select value={party ?? ''} onChange={choose}>
          <option value="">{t.objects.anybody}</option>
          {[...names].map(([did, name]) => (
            <option key={did} value={did}>
              {name[locale]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function OpenById({ module }: { module: string }): JSX.Element {
  const { t } = useDesk();
  const { channel, navigate } = useRouter();
  const [id, setId] = useState('');
  const [isBad, setBad] = useState(false);
  const open = (event: Event): void => {
    event.preventDefault();
    const text = id.trim().toLowerCase();
    if (/^[0-9a-f]{32}$/.test(text)) navigate(addressOf({ page: 'object', module, id: text }, channel));
    else setBad(true);
  };
  return (
    <form class="by-id" onSubmit={open}>
      <label for="by-id">{t.objects.byId}</label>
      <div class="field-row">
        <input
          id="by-id"
          type="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={64}
          value={id}
          aria-invalid={isBad}
          aria-describedby={isBad ? 'by-id-bad' : undefined}
          onInput={({ currentTarget }) => {
            setId(currentTarget.value);
            setBad(false);
          }}
        />
        <button type="submit" class="secondary">
          {t.objects.open}
        </button>
      </div>
      {isBad && (
        <p id="by-id-bad" class="small warn-text" role="alert">
          {t.objects.badId}
        </p>
      )}
    </form>
  );
}
