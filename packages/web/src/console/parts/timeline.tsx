import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { CheckIcon, CrossIcon } from '../../app/parts/icons.tsx';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { HistoryLine } from '../api/types.ts';
import type { LineCheck } from '../check/check-line.ts';
import type { Checks } from '../check/use-checks.ts';
import { useDesk } from '../desk.ts';
import { timeText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { Evidence } from './evidence.tsx';
import type { Labels } from './value-view.tsx';

interface TimelineProps {
  /** Newest first. */
  readonly lines: readonly HistoryLine[];
  readonly checks: Checks;
  readonly module: ConsoleModule;
  readonly labels: Labels;
  readonly channel: string;
}

/** Who did what and when, the newest first, each with what proves it. */
export function Timeline({ lines, checks, ...rest }: TimelineProps): JSX.Element {
  return (
    <ol class="timeline">
      {lines.map((line) => (
        <Entry
          key={line.line}
          line={line}
          check={checks.lines.get(line.line) ?? { state: 'pending' }}
          {...rest}
        />
      ))}
    </ol>
  );
}

interface EntryProps extends Omit<TimelineProps, 'lines' | 'checks'> {
  readonly line: HistoryLine;
  readonly check: LineCheck;
}

function Entry({ line, check, module, labels, channel }: EntryProps): JSX.Element {
  const { t, locale } = useDesk();
  const command = line.command === undefined ? undefined : module.commands[line.command];
  const mark = t.object.payloads[line.payload];
  return (
    <li class={`entry ${check.state}`} data-line={check.state}>
      <Node check={check} />
      <div class="entry-body">
        <div class="entry-head">
          <h3>{command?.summary[locale] ?? line.command ?? t.object.unknownCommand}</h3>
          <time class="soft small" dateTime={new Date(line.time * 1000).toISOString()}>
            {timeText(line.time, locale)}
          </time>
        </div>
        <p class="small">
          <Who line={line} />
          {line.command !== undefined && <code class="command-name">{line.command}</code>}
        </p>
        {mark !== undefined && <p class="small warn-text">{mark}</p>}
        {line.resolved.length > 0 && <p class="small">{t.object.resolved}</p>}
        <details class="fold">
          <summary>
            {t.object.evidence}
            <span class="visually-hidden"> · {fillText(t.object.line, { number: line.number })}</span>
          </summary>
          <Evidence {...{ line, check, module, labels, channel }} />
        </details>
      </div>
    </li>
  );
}

/** The organisation; where a person, device or agent acted for it, who. */
function Who({ line }: { line: HistoryLine }): JSX.Element {
  const { t, names, locale } = useDesk();
  const name = nameOf(names, line.party, locale);
  if (line.actor === undefined || line.actor === line.party) return <span title={line.party}>{name}</span>;
  const person = nameOf(names, line.actor, locale);
  return <span title={line.actor}>{fillText(t.object.agent, { person, name })}</span>;
}

function Node({ check }: { check: LineCheck }): JSX.Element {
  const { t } = useDesk();
  const text = { pending: t.proof.pending, proven: t.proof.line, failed: t.proof.failed }[check.state];
  return (
    <span class="node">
      {check.state === 'pending' && <span class="spinner" aria-hidden="true" />}
      {check.state === 'proven' && <CheckIcon />}
      {check.state === 'failed' && <CrossIcon />}
      <span class="visually-hidden">{text}</span>
    </span>
  );
}
