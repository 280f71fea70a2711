import type { JSX } from 'preact';
import { useDesk } from '../desk.ts';
import { statusText } from '../i18n/format.ts';
import type { Field, Mistake } from '../model/form.ts';

interface InputProps {
  readonly field: Field;
  readonly label: string;
  readonly value: string;
  readonly mistake: Mistake | undefined;
  readonly onInput: (value: string) => void;
}

/** One parameter of a command. */
export function FieldInput(props: InputProps): JSX.Element {
  const { t } = useDesk();
  const { field, label, mistake } = props;
  const id = `parameter-${field.name}`;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {field.isRequired && <span aria-hidden="true"> *</span>}
        {field.as === 'json' && <small class="json-hint">{t.commands.json}</small>}
      </label>
      <Control {...props} id={id} />
      {mistake && (
        <p class="small warn-text" role="alert" id={`${id}-mistake`}>
          {mistake.is === 'number' ? t.commands.number : t.commands.badJson}
        </p>
      )}
    </div>
  );
}

function Control({ field, value, mistake, onInput, id }: InputProps & { id: string }): JSX.Element {
  const { t } = useDesk();
  const common = {
    id,
    value,
    required: field.isRequired,
    'aria-invalid': mistake !== undefined,
    ...(mistake ? { 'aria-describedby': `${id}-mistake` } : {}),
  };
  type Typed = JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>;
  const typed = ({ currentTarget }: Typed): void => onInput(currentTarget.value);
  if (field.as === 'choice' || field.as === 'truth') {
    const choices = field.as === 'choice' ? field.choices : ['true', 'false'];
    const textOf = (choice: string): string =>
      field.as === 'choice' ? statusText(choice, t) : choice === 'true' ? t.yes : t.no;
    return (
      <select {...common} onChange={typed}>
        <option value="" />
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {textOf(choice)}
          </option>
        ))}
      </select>
    );
  }
  if (field.as === 'json' || (field.as === 'text' && field.isLong))
    return <textarea {...common} rows={field.as === 'json' ? 4 : 3} spellcheck={false} onInput={typed} />;
  return (
    <input
      {...common}
      type="text"
      autocomplete="off"
      inputMode={field.as === 'number' ? 'numeric' : undefined}
      onInput={typed}
    />
  );
}
