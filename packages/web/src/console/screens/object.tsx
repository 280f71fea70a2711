import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useAsync } from '../../app/use-async.ts';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { HistoryLine, JsonObject, ObjectView } from '../api/types.ts';
import { useChecks } from '../check/use-checks.ts';
import { useDesk } from '../desk.ts';
import { labelsOf } from '../model/labels.ts';
import { CommandForm } from '../parts/command-form.tsx';
import { Link } from '../parts/link.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Marks } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { ProofPanel } from '../parts/proof-panel.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { Digest, Fields, type Labels } from '../parts/value-view.tsx';
import { useRouter } from '../router.ts';

interface Loading {
  readonly view: ObjectView;
  readonly lines: readonly HistoryLine[];
}

/** One object: as it is now, how it came about, and what proves that. */
export function ObjectScreen({ module, id }: { module: string; id: string }): JSX.Element {
  const { t, locale, api, config } = useDesk();
  const { channel } = useRouter();
  const declared = config.modules.find((one) => one.id === module);
  const { result, reload } = useAsync(async (): Promise<Loading> => {
    const name = { channel, module, id };
    const [view, lines] = await Promise.all([api.object(name), api.history(name)]);
    return { view, lines };
  }, `${channel} ${module} ${id}`);
  const [written, setWritten] = useState<string | null>(null);
  const changed = (line: string): void => {
    setWritten(line);
    reload();
  };
  const status = result.state === 'done' ? statusOf(result.value.view) : undefined;
  const summary = declared?.summary[locale] ?? module;
  return (
    <Page
      title={summary}
      above={
        <>
          <Link to={{ page: 'modules' }}>{t.modules.title}</Link> <span aria-hidden="true">›</span>{' '}
          <Link to={{ page: 'objects', module }}>{module}</Link> <span aria-hidden="true">›</span>{' '}
          <Digest hex={id} />
        </>
      }
      beside={status && <StatusBadge status={status} />}
    >
      <p role="status" class={written === null ? 'visually-hidden' : 'flash'}>
        {written !== null && fillText(t.commands.done, { line: written.slice(0, 8) })}
      </p>
      <Loaded result={result} onAgain={reload}>
        {(loaded) =>
          declared ? (
            <ObjectParts key={loaded.view.head} {...loaded} module={declared} onChange={changed} />
          ) : (
            <p class="empty-text">{t.errors.module_unknown}</p>
          )
        }
      </Loaded>
    </Page>
  );
}

const statusOf = ({ state }: ObjectView): string | undefined => {
  const { status } = (state ?? {}) as JsonObject;
  return typeof status === 'string' ? status : undefined;
};

const STEP = 20;

function ObjectParts(
  props: Loading & { module: ConsoleModule; onChange: (line: string) => void },
): JSX.Element {
  const { view, lines, module } = props;
  const { t, locale, api } = useDesk();
  const { channel } = useRouter();
  const [count, setCount] = useState(STEP);
  const labels = useMemo(() => labelsOf(module, locale), [module, locale]);
  const newest = lines.toReversed();
  const shown = newest.slice(0, count);
  const name = { channel, module: module.id };
  const subject = { channel, module: module.name, id: view.id };
  const checks = useChecks(subject, lines, shown, (line) => api.payload(name, line));
  return (
    <div class="columns">
      <div class="column">
        <ProofPanel checks={checks} shown={shown} all={lines} />
        <section class="panel" aria-labelledby="history">
          <h2 id="history">{t.object.history}</h2>
          <Timeline {...{ lines: shown, checks, module, labels, channel }} />
          {shown.length < lines.length && (
            <button type="button" class="secondary more" onClick={() => setCount(count + STEP)}>
              {t.objects.more}
            </button>
          )}
        </section>
      </div>
      <div class="column">
        <Marks view={view} />
        <StatePanel view={view} labels={labels} />
        <CommandForm {...{ view, module, labels, channel }} onDone={props.onChange} />
      </div>
    </div>
  );
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === 0 || (typeof value === 'object' && Object.keys(value).length === 0);

/** What it is; what is empty is folded away. */
function StatePanel({ view, labels }: { view: ObjectView; labels: Labels }): JSX.Element {
  const { t } = useDesk();
  const fields = Object.entries((view.state ?? {}) as JsonObject).filter(([name]) => name !== 'status');
  const filled = fields.filter(([, value]) => !isEmpty(value));
  const empty = fields.filter(([, value]) => isEmpty(value));
  return (
    <section class="panel" aria-labelledby="state">
      <h2 id="state">{t.object.state}</h2>
      <Fields fields={filled} labels={labels} />
      {empty.length > 0 && (
        <details class="fold">
          <summary>{t.object.empty}</summary>
          <Fields fields={empty} labels={labels} />
        </details>
      )}
    </section>
  );
}
