import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CheckIcon } from '../../app/parts/icons.tsx';
import { useAsync } from '../../app/use-async.ts';
import type { ModuleName } from '../api/client.ts';
import type { ItemProof, JsonObject } from '../api/types.ts';
import { assertItem, CheckError, type ProvenLine } from '../check/verify-lines.ts';
import { useDesk } from '../desk.ts';
import { Loaded } from './loaded.tsx';
import { Fields, type Labels } from './value-view.tsx';

const STEP = 5;

/** Items of a batch, some at a time, each proved to be in the batch that the line commits to. */
export function BatchItems(props: {
  proven: ProvenLine;
  name: ModuleName;
  line: string;
  size: number;
  labels: Labels;
  /** Flags that rules have put on items, by their place in the batch. */
  flags: ReadonlyMap<number, readonly string[]>;
}): JSX.Element {
  const { t, api } = useDesk();
  const { proven, name, line, size, labels, flags } = props;
  const [from, setFrom] = useState(0);
  const until = Math.min(from + STEP, size);
  const { result, reload } = useAsync(async () => {
    const numbers = Array.from({ length: until - from }, (_, i) => from + i);
    const proofs = await Promise.all(numbers.map((number) => api.item(name, line, number)));
    for (const proof of proofs) await assertItem(proven, proof);
    return proofs;
  }, `${line} ${from}`);
  if (result.state === 'failed' && result.error instanceof CheckError)
    return <p role="alert">{t.proof.faults[result.error.fault]}</p>;
  return (
    <section class="items">
      <h4>{t.object.items}</h4>
      <Loaded result={result} onAgain={reload}>
        {(proofs) =>
          proofs.map((proof) => (
            <Item key={proof.index} proof={proof} labels={labels} flags={flags.get(proof.index) ?? []} />
          ))
        }
      </Loaded>
      <p class="pager">
        <button
          type="button"
          class="secondary"
          disabled={from === 0}
          onClick={() => setFrom(Math.max(0, from - STEP))}
        >
          {t.object.earlier}
        </button>
        <span class="small" role="status">
          {fillText(t.object.itemsShown, { from: from + 1, to: until, size })}
        </span>
        <button type="button" class="secondary" disabled={until === size} onClick={() => setFrom(until)}>
          {t.object.later}
        </button>
      </p>
    </section>
  );
}

function Item(props: { proof: ItemProof; labels: Labels; flags: readonly string[] }): JSX.Element {
  const { proof, labels, flags } = props;
  const { t } = useDesk();
  const { item, index } = proof;
  const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
  const fields: JsonObject = isObject ? (item as JsonObject) : { item };
  return (
    <article class="item">
      <h5>
        {fillText(t.object.item, { number: index + 1, size: proof.size })}
        <span class="item-proof" title={t.object.itemProven}>
          <CheckIcon /> {t.object.itemProven}
        </span>
      </h5>
      {flags.length > 0 && (
        <p class="item-flags">
          {flags.map((flag) => (
            <span key={flag} class="badge waiting">
              {flag}
            </span>
          ))}
        </p>
      )}
      <Fields fields={Object.entries(fields)} labels={labels} />
      {typeof fields.photo === 'string' && (
        <p class="small soft photo-note">
          <CameraIcon /> {t.object.photo}
        </p>
      )}
    </article>
  );
}

const CameraIcon = (): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M4 8h3l2-3h6l2 3h3v11H4z" />
    <circle cx="12" cy="13" r="3.5" />
  </svg>
);
