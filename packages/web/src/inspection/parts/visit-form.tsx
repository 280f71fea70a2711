import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CheckIcon, WarnIcon } from '../../app/parts/icons.tsx';
import { type FieldFault, versionAt } from '../field/template.ts';
import type { Pack } from '../field/types.ts';
import { useLanguage } from '../language.ts';
import type { PhoneDatabase } from '../phone/database.ts';
import type { Draft } from '../phone/draft.ts';
import { finishDraft } from '../phone/finish-draft.ts';
import type { Identity } from '../phone/identity.ts';
import { watchTrack } from '../phone/position.ts';
import { Discard } from './discard.tsx';
import { FormFields, NoteField, TemplateChoice } from './form-fields.tsx';
import { PhotoPanel } from './photo-panel.tsx';
import { PlacePanel } from './place-panel.tsx';
import { TagPanel } from './tag-panel.tsx';

interface VisitFormProps {
  readonly db: PhoneDatabase;
  readonly identity: Identity;
  readonly draft: Draft;
  readonly pack: Pack;
  readonly message: string | null;
  /** Whether what was typed last could not be kept. */
  readonly isUnkept: boolean;
  readonly onChange: (draft: Draft | null) => void;
  /** The visit is in the queue, and the draft gone. */
  readonly onFinished: () => void;
}

/** One visit: tag, position, the form in force at its time, photo, note. */
export function VisitForm(props: VisitFormProps): JSX.Element {
  const { db, identity, draft, pack, message, isUnkept, onChange, onFinished } = props;
  const { t } = useLanguage();
  const [faults, setFaults] = useState<ReadonlyMap<string, FieldFault>>(new Map());
  const [isFull, setFull] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  useEffect(() => watchTrack(db), [db]);
  const { device, template, version } = formOf(draft, pack);
  const change = (part: Partial<Draft>): void => onChange({ ...draft, ...part });
  const submit = async (): Promise<void> => {
    if (!template || !version) return;
    setFull(false);
    const form = { draft, template, version, device };
    const found = await finishDraft(db, identity, form).catch(() => undefined);
    if (!found) return setFull(true);
    setFaults(found);
    const [first] = found.keys();
    if (first === undefined) onFinished();
    else document.getElementById(`field-${first}`)?.focus();
  };
  const heading =
    template && version
      ? fillText(t.templateOf, { type: template.type, version: version.version })
      : t.template;
  return (
    <form
      class="visit"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1 ref={title} tabIndex={-1}>
        {device ? `${device.model} ${device.serial}` : t.unknownDevice}
      </h1>
      {message && <p role="status">{message}</p>}
      <TagPanel draft={draft} device={device} />
      <PlacePanel {...{ draft, fault: faults.get('place') }} onChange={change} />
      <section class="panel" aria-labelledby="form-title">
        <h2 id="form-title">{heading}</h2>
        {!device && <TemplateChoice templates={pack.templates} chosen={template?.id} onChange={change} />}
        {version ? <FormFields {...{ version, draft, faults }} onChange={change} /> : <p>{t.noTemplate}</p>}
        <NoteField draft={draft} onChange={change} />
      </section>
      <PhotoPanel {...{ draft, fault: faults.get('photo') }} onChange={change} />
      {(isFull || isUnkept) && (
        <p class="hint warn" role="alert">
          <WarnIcon />
          {t.unkept}
        </p>
      )}
      <button type="submit" class="primary wide" disabled={!version}>
        <CheckIcon />
        {t.queue}
      </button>
      <Discard onDiscard={() => onChange(null)} />
    </form>
  );
}

/** The device that the tag names, where this phone has it, and the form for it: chosen, or that of its type. */
function formOf({ device: id, template: chosen, time }: Draft, { devices, templates }: Pack) {
  const device = devices.find((one) => one.id === id);
  const template =
    templates.find((one) => one.id === chosen) ?? templates.find(({ type }) => type === device?.type);
  return { device, template, version: template && versionAt(template, time) };
}
