import { fillText } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import { type FieldFault, limitsOf } from '../field/template.ts';
import type { FormField, Template, TemplateVersion } from '../field/types.ts';
import { useLanguage } from '../language.ts';
import type { Draft } from '../phone/draft.ts';

type Change = (part: Partial<Draft>) => void;

interface FieldsProps {
  readonly version: TemplateVersion;
  readonly draft: Draft;
  readonly faults: ReadonlyMap<string, FieldFault>;
  readonly onChange: Change;
}

/** The form as the template declares it: labels in both languages, choices, limits of measured values. */
export function FormFields({ version, draft, faults, onChange }: FieldsProps): JSX.Element {
  const { t, locale } = useLanguage();
  const { values } = draft;
  const set = (name: string, value: string | boolean): void =>
    onChange({ values: { ...values, [name]: value } });
  return (
    <>
      {version.form.map((field) => {
        const id = `field-${field.name}`;
        const fault = faults.get(field.name);
        const limits = limitsOf(field, version.thresholds);
        const described = `${id}-hint`;
        const control = { field, id, described, isWrong: fault !== undefined, value: values[field.name] };
        return (
          <Labelled
            key={field.name}
            {...{ id, isGroup: field.kind === 'yes-no', label: field.label[locale] }}
          >
            <Control {...control} onValue={(value) => set(field.name, value)} />
            <p id={described} class={fault ? 'field-problem' : 'soft small'}>
              {fault && t.faults[fault]}
              {!fault &&
                [limits && fillText(t.limits, { ...limits }), !field.required && t.optional]
                  .filter(Boolean)
                  .join(' · ')}
            </p>
          </Labelled>
        );
      })}
    </>
  );
}

function Labelled(props: {
  id: string;
  label: string;
  isGroup?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { id, label, isGroup, children } = props;
  if (isGroup)
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        {children}
      </fieldset>
    );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
    </div>
  );
}

function Control(props: {
  field: FormField;
  id: string;
  described: string;
  isWrong: boolean;
  value: string | boolean | undefined;
  onValue: (value: string | boolean) => void;
}): JSX.Element {
  const { field, id, described, isWrong, value, onValue } = props;
  const { t } = useLanguage();
  const common = { id, 'aria-describedby': described, 'aria-invalid': isWrong, required: field.required };
  if (field.kind === 'yes-no')
    return (
      <div class="side-by-side">
        {[true, false].map((choice) => (
          <label key={String(choice)} class="row">
            <input
              id={choice ? id : `${id}-no`}
              type="radio"
              name={id}
              aria-describedby={described}
              checked={value === choice}
              onChange={() => onValue(choice)}
            />
            {choice ? t.yes : t.no}
          </label>
        ))}
      </div>
    );
  if (field.kind === 'choice')
    return (
      <select
        {...common}
        value={String(value ?? '')}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option value="">{t.choose}</option>
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  return (
    <input
      {...common}
      type="text"
      inputMode={field.kind === 'number' ? 'decimal' : 'text'}
      autocomplete="off"
      maxLength={field.kind === 'number' ? 42 : 500}
      value={String(value ?? '')}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}

export function NoteField({ draft, onChange }: { draft: Draft; onChange: Change }): JSX.Element {
  const { t } = useLanguage();
  return (
    <Labelled id="field-note" label={t.note}>
      <textarea
        id="field-note"
        rows={2}
        maxLength={2000}
        disabled={draft.again !== null}
        value={draft.note}
        onInput={(event) => onChange({ note: event.currentTarget.value })}
      />
    </Labelled>
  );
}

/** For a device that is not on this phone. */
export function TemplateChoice(props: {
  templates: readonly Template[];
  chosen: string | undefined;
  onChange: Change;
}): JSX.Element {
  const { templates, chosen, onChange } = props;
  const { t } = useLanguage();
  return (
    <Labelled id="field-template" label={t.template}>
      <select
        id="field-template"
        value={chosen ?? ''}
        onChange={(event) => onChange({ template: event.currentTarget.value })}
      >
        <option value="">{t.choose}</option>
        {templates.map(({ id, type }) => (
          <option key={id} value={id}>
            {type}
          </option>
        ))}
      </select>
    </Labelled>
  );
}
