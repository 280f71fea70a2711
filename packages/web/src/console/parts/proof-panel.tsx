import { fillText } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import {
  CardsIcon,
  CheckIcon,
  CrossIcon,
  HistoryIcon,
  LinkIcon,
  ShieldIcon,
} from '../../app/parts/icons.tsx';
import type { HistoryLine } from '../api/types.ts';
import type { Checks } from '../check/use-checks.ts';
import type { Checkpoint, Fault } from '../check/verify-lines.ts';
import { useDesk } from '../desk.ts';
import { exactTimeText, numberText } from '../i18n/format.ts';

/** Where the whole of the proof stands: not over, holds, or the first fault. */
type Verdict =
  | { readonly state: 'pending' }
  | { readonly state: 'good'; readonly checkpoint: Checkpoint }
  | { readonly state: 'bad'; readonly fault: Fault };

function verdictOf({ lines, complete }: Checks, shown: readonly HistoryLine[]): Verdict {
  const checks = shown.map(({ line }) => lines.get(line));
  const failed = checks.find((check) => check?.state === 'failed');
  if (failed?.state === 'failed') return { state: 'bad', fault: failed.fault };
  if (complete.state === 'failed') return { state: 'bad', fault: complete.fault };
  const isOver = checks.every((check) => check?.state === 'proven');
  return isOver && complete.state === 'proven'
    ? { state: 'good', checkpoint: complete.checkpoint }
    : { state: 'pending' };
}

/** The picture of the proof: from the lines by their hashes to a checkpoint, and to the witnesses who stand by it. */
export function ProofPanel(props: {
  checks: Checks;
  shown: readonly HistoryLine[];
  all: readonly HistoryLine[];
}): JSX.Element {
  const { t } = useDesk();
  const { checks, shown, all } = props;
  const verdict = verdictOf(checks, shown);
  const title = { pending: t.proof.checking, good: t.proof.good, bad: t.proof.bad }[verdict.state];
  return (
    <section class={`proof ${verdict.state}`} aria-label={t.proof.title} data-proof={verdict.state}>
      <div class="proof-head" role="status">
        <span class="seal">
          <SealIcon state={verdict.state} />
        </span>
        <div>
          <h2>{title}</h2>
          <VerdictText {...{ verdict, shown, all }} />
        </div>
      </div>
      <Chain {...{ checks, shown, verdict }} />
    </section>
  );
}

function SealIcon({ state }: { state: Verdict['state'] }): JSX.Element {
  if (state === 'pending') return <span class="spinner" aria-hidden="true" />;
  return state === 'good' ? <ShieldIcon /> : <CrossIcon />;
}

function VerdictText(props: {
  verdict: Verdict;
  shown: readonly HistoryLine[];
  all: readonly HistoryLine[];
}): JSX.Element | null {
  const { t, locale } = useDesk();
  const { verdict, shown, all } = props;
  if (verdict.state === 'pending') return null;
  if (verdict.state === 'bad') return <p>{t.proof.faults[verdict.fault]}</p>;
  const time = exactTimeText(verdict.checkpoint.time, locale);
  if (all.length === 1) return <p>{fillText(t.proof.oneText, { time })}</p>;
  const text = shown.length < all.length ? t.proof.someText : t.proof.goodText;
  return <p>{fillText(text, { lines: all.length, shown: shown.length, time })}</p>;
}

function Chain(props: { checks: Checks; shown: readonly HistoryLine[]; verdict: Verdict }): JSX.Element {
  const { t, trust, locale } = useDesk();
  const { checks, shown, verdict } = props;
  const proven = shown.flatMap(({ line }) => {
    const check = checks.lines.get(line);
    return check?.state === 'proven' ? [check] : [];
  });
  const contents = proven.filter(({ content }) => content !== undefined).length;
  const { complete } = checks;
  const size = complete.state === 'proven' ? numberText(complete.checkpoint.size, locale) : '…';
  const steps = t.proof.steps;
  const areAll = proven.length === shown.length;
  const isDone = complete.state === 'proven';
  return (
    <ol class="chain">
      <Step
        icon={<CardsIcon />}
        isDone={areAll}
        title={steps.lines}
        text={fillText(steps.linesText, { lines: proven.length })}
      />
      <Step
        icon={<HistoryIcon />}
        isDone={areAll && verdict.state !== 'bad'}
        title={steps.content}
        text={fillText(steps.contentText, { count: contents, lines: shown.length })}
      />
      <Step
        icon={<LinkIcon />}
        isDone={isDone}
        title={steps.checkpoint}
        text={fillText(steps.checkpointText, { size })}
      />
      <Step
        icon={<ShieldIcon />}
        isDone={isDone}
        title={steps.witnesses}
        text={fillText(steps.witnessesText, { count: trust.policy.witnesses.length })}
      />
    </ol>
  );
}

function Step(props: { icon: ComponentChildren; isDone: boolean; title: string; text: string }): JSX.Element {
  return (
    <li class={props.isDone ? 'step done' : 'step'}>
      <span class="step-icon">{props.icon}</span>
      <div>
        <strong>
          {props.title}
          {props.isDone && (
            <span class="step-tick">
              <CheckIcon />
            </span>
          )}
        </strong>
        <small>{props.text}</small>
      </div>
    </li>
  );
}
