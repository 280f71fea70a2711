import { fillText } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import { CheckIcon, WarnIcon } from '../../app/parts/icons.tsx';
import type { JsonObject, ObjectView } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { nameOf } from '../model/names.ts';

/** What this node says of the object beside what the ledger proves: checked, behind, disputed, erased. */
export function Marks({ view }: { view: ObjectView }): JSX.Element {
  const { t, names, locale } = useDesk();
  const { erased } = (view.state ?? {}) as JsonObject;
  return (
    <ul class="marks">
      {view.checked ? (
        <Mark tone="good" title={t.object.checked} text={t.object.checkedText} />
      ) : (
        <Mark tone="warn" title={t.object.unchecked} text={t.object.uncheckedText} />
      )}
      {view.behind && <Mark tone="warn" title={t.object.behind} text={t.object.behindText} />}
      {view.disputedBy !== null && (
        <Mark
          tone="bad"
          title={t.object.disputed}
          text={fillText(t.object.disputedText, { name: nameOf(names, view.disputedBy, locale) })}
        />
      )}
      {typeof erased === 'number' && erased > 0 && <Mark tone="warn" title={t.object.erased} />}
    </ul>
  );
}

function Mark(props: {
  tone: 'good' | 'warn' | 'bad';
  title: string;
  text?: ComponentChildren;
}): JSX.Element {
  return (
    <li class={`mark-row ${props.tone}`}>
      {props.tone === 'good' ? <CheckIcon /> : <WarnIcon />}
      <div>
        <strong>{props.title}</strong>
        {props.text && <small>{props.text}</small>}
      </div>
    </li>
  );
}
