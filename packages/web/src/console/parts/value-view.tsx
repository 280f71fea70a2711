import { fillText, type JsonValue } from '@attestel/core';
import type { JSX } from 'preact';
import { useDesk } from '../desk.ts';
import { timeText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { readable } from '../model/readable.ts';

/** Deeper and longer ones are folded away; the number of what is drawn stays small whatever parties write. */
const OPEN_DEPTH = 2;
const MAX_ENTRIES = 200;

export type Labels = ReadonlyMap<string, string>;

interface ValueProps {
  readonly name: string;
  readonly value: JsonValue;
  readonly labels: Labels;
  readonly depth?: number;
}

/** A value that parties wrote, in words people read. It is text and nothing else, whatever stands in it. */
export function ValueView({ name, value, labels, depth = 0 }: ValueProps): JSX.Element {
  const { t, locale } = useDesk();
  const shown = readable(name, value);
  switch (shown.as) {
    case 'text':
      return <span class="text">{shown.text}</span>;
    case 'time':
      return (
        <time dateTime={new Date(shown.seconds * 1000).toISOString()}>{timeText(shown.seconds, locale)}</time>
      );
    case 'party':
      return <PartyName did={shown.did} />;
    case 'digest':
      return <Digest hex={shown.hex} />;
    case 'truth':
      return <span>{shown.isTrue ? t.yes : t.no}</span>;
    case 'everyone':
      return <span>{t.objects.everyone}</span>;
    case 'nothing':
      return <span class="soft">{t.nothing}</span>;
    case 'list':
      return <ListView {...{ name, items: shown.items, labels, depth }} />;
    case 'fields':
      return <Fields fields={shown.fields} labels={labels} depth={depth} />;
  }
}

export function PartyName({ did }: { did: string }): JSX.Element {
  const { names, locale } = useDesk();
  return (
    <span class="party" title={did}>
      {nameOf(names, did, locale)}
    </span>
  );
}

/** Both ends of a digest; all of it for whoever selects or hovers. */
export const Digest = ({ hex }: { hex: string }): JSX.Element => (
  <code class="digest" title={hex}>
    {hex.slice(0, 8)}…{hex.slice(-4)}
  </code>
);

function ListView(props: {
  name: string;
  items: readonly JsonValue[];
  labels: Labels;
  depth: number;
}): JSX.Element {
  const { t } = useDesk();
  const { name, items, labels, depth } = props;
  const isFlat = items.every((item) => typeof item !== 'object' || item === null);
  const list = (
    <ol class={isFlat ? 'values flat' : 'values'}>
      {items.slice(0, MAX_ENTRIES).map((item, i) => (
        <li key={i}>
          <ValueView name={name} value={item} labels={labels} depth={depth + 1} />
        </li>
      ))}
    </ol>
  );
  if ((isFlat && items.length <= 12) || (items.length <= 3 && depth < OPEN_DEPTH)) return list;
  return (
    <details class="fold">
      <summary>{fillText(t.entries, { count: items.length })}</summary>
      {list}
    </details>
  );
}

export function Fields(props: {
  fields: readonly (readonly [name: string, value: JsonValue])[];
  labels: Labels;
  depth?: number;
}): JSX.Element {
  const { t } = useDesk();
  const { fields, labels, depth = 0 } = props;
  return (
    <dl class={depth === 0 ? 'fields' : 'fields inner'}>
      {fields.slice(0, MAX_ENTRIES).map(([name, value]) => (
        <div key={name} class={isWide(value) ? 'wide' : undefined}>
          <dt>{labels.get(name) ?? labelOf(name, t.fields)}</dt>
          <dd>
            <ValueView name={name} value={value} labels={labels} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const isWide = (value: JsonValue): boolean =>
  (typeof value === 'object' && value !== null) || (typeof value === 'string' && value.length > 90);

/** A name that nobody has said anything about, in words: `homeTadig` is read as `Home tadig`. */
export function labelOf(name: string, known: { readonly [name: string]: string }): string {
  const text = Object.hasOwn(known, name) ? known[name] : undefined;
  if (text !== undefined) return text;
  const words = name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, next: string) => `${end} ${next.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
