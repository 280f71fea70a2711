import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CheckIcon } from '../../app/parts/icons.tsx';
import { again } from '../field/queue.ts';
import { instantText } from '../field/shift.ts';
import { type FieldFault, faultsOf, filled, versionAt } from '../field/template.ts';
import type { Pack } from '../field/types.ts';
import { useLanguage } from '../language.ts';
import { DRAFT, type PhoneDatabase } from '../phone/database.ts';
import type { Draft } from '../phone/draft.ts';
import { queueVisit } from '../phone/field-phone.ts';
import type { Identity } from '../phone/identity.ts';
import { watchTrack } from '../phone/position.ts';
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
  readonly onChange: (draft: Draft | null) => void;
  /** The visit is in the queue, and the draft gone. */
  readonly onFinished: () => void;
}

/** One visit: tag, position, the form in force at its time, photo, note. */
export function VisitForm(props: VisitFormProps): JSX.Element {
  const { db, identity, draft, pack, message, onChange, onFinished } = props;
  const { t } = useLanguage();
  const [faults, setFaults] = useState<ReadonlyMap<string, FieldFault>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  useEffect(() => watchTrack(db), [db]);
  const device = pack.devices.find(({ id }) => id === draft.device);
  const template =
    pack.templates.find(({ id }) => id === draft.template) ??
    pack.templates.find(({ type }) => type === device?.type);
  const version = template && versionAt(template, draft.time);
  const change = (part: Partial<Draft>): void => onChange({ ...draft, ...part });
  const isComplete = draft.place !== null && draft.photo !== null;
  const submit = async (): Promise<void> => {
    if (!template || !version) return;
    const form = filled(draft.values, version.form);
    const found = new Map([...faultsOf(form, version.form), ...missingOf(draft)]);
    setFaults(found);
    const [first] = found.keys();
    if (first !== undefined) return document.getElementById(`field-${first}`)?.focus();
    const { place, photo } = draft;
    if (!place || !photo) return;
    if (draft.again) {
      await db.putVisit(again(draft.again, form));
      await db.remove(DRAFT);
    } else {
      const { latitude, longitude } = place;
      const item = {
        device: draft.device,
        tag: draft.tag,
        time: instantText(draft.time),
        form,
        note: draft.note,
      };
      const to = [device?.group].filter((did) => did !== undefined);
      await queueVisit(db, identity, {
        ...{ item: { ...item, place: { latitude, longitude } }, template: template.id, to, photo },
      });
    }
    onFinished();
  };
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
        <h2 id="form-title">
          {template && version
            ? fillText(t.templateOf, { type: template.type, version: version.version })
            : t.template}
        </h2>
        {!device && <TemplateChoice templates={pack.templates} chosen={template?.id} onChange={change} />}
        {version ? <FormFields {...{ version, draft, faults }} onChange={change} /> : <p>{t.noTemplate}</p>}
        <NoteField draft={draft} onChange={change} />
      </section>
      <PhotoPanel {...{ draft, fault: faults.get('photo') }} onChange={change} />
      <button type="submit" class="primary wide" disabled={!version} data-complete={isComplete}>
        <CheckIcon />
        {t.queue}
      </button>
      {isAsking ? (
        <div class="panel" role="alert">
          <p>{t.discardAsk}</p>
          <div class="side-by-side">
            <button type="button" class="plain danger" onClick={() => onChange(null)}>
              {t.discard}
            </button>
            <button type="button" class="secondary" onClick={() => setAsking(false)}>
              {t.back}
            </button>
          </div>
        </div>
      ) : (
        <button type="button" class="plain" onClick={() => setAsking(true)}>
          {t.discard}
        </button>
      )}
    </form>
  );
}

const missingOf = ({ place, photo }: Draft): readonly (readonly [string, FieldFault])[] => [
  ...(place ? [] : [['place', 'missing'] as const]),
  ...(photo ? [] : [['photo', 'missing'] as const]),
];
