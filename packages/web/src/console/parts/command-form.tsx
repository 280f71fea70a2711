import { fillText, isAppError } from '@attestel/core';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { ObjectView } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { dataOf, fieldsOf, type Mistake, prefilled } from '../model/form.ts';
import { nameOf } from '../model/names.ts';
import { FieldInput } from './field-input.tsx';
import { codeOf } from './loaded.tsx';
import type { Labels } from './value-view.tsx';

interface FormProps {
  readonly view: ObjectView;
  readonly module: ConsoleModule;
  readonly labels: Labels;
  readonly channel: string;
  readonly onDone: () => void;
}

/** Commands on an object, each with a form made from its schema. Whether somebody may, the node says. */
export function CommandForm(props: FormProps): JSX.Element | null {
  const { t, locale, session, names } = useDesk();
  const { module } = props;
  const commands = Object.entries(module.commands).filter(([, { on }]) => on !== 'new');
  const [chosen, setChosen] = useState('');
  if (commands.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="act">
      <h2 id="act">{t.commands.title}</h2>
      <p class="soft small">{fillText(t.commands.lead, { name: nameOf(names, session.did, locale) })}</p>
      <label class="select">
        <span>{t.commands.choose}</span>
        <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          <option value="">{t.nothing}</option>
          {commands.map(([name, { summary }]) => (
            <option key={name} value={name}>
              {summary[locale]} ({name})
            </option>
          ))}
        </select>
      </label>
      {chosen !== '' && <Parameters key={chosen} command={chosen} {...props} />}
    </section>
  );
}

type Outcome =
  | { readonly state: 'idle' | 'sending' }
  | { readonly state: 'done'; readonly line: string }
  | { readonly state: 'mistaken'; readonly mistake: Mistake }
  | { readonly state: 'refused'; readonly error: unknown };

function Parameters({
  command,
  view,
  module,
  labels,
  channel,
  onDone,
}: FormProps & { command: string }): JSX.Element {
  const { t, api } = useDesk();
  const fields = useMemo(() => fieldsOf(module.commands[command]?.schema ?? {}), [module, command]);
  const [typed, setTyped] = useState<{ readonly [name: string]: string }>(() =>
    prefilled(fields, view.state),
  );
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' });
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const read = dataOf(fields, typed);
    if ('mistake' in read) return setOutcome({ state: 'mistaken', mistake: read.mistake });
    setOutcome({ state: 'sending' });
    try {
      const name = { channel, module: module.id, id: view.id };
      const { line } = await api.run(name, view.head, command, read.data);
      setOutcome({ state: 'done', line });
      onDone();
    } catch (error) {
      setOutcome({ state: 'refused', error });
    }
  };
  return (
    <form class="command-form" onSubmit={(event) => void send(event)}>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          label={labels.get(field.name) ?? t.fields[field.name] ?? field.name}
          value={typed[field.name] ?? ''}
          mistake={
            outcome.state === 'mistaken' && outcome.mistake.name === field.name ? outcome.mistake : undefined
          }
          onInput={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <button type="submit" class="primary" disabled={outcome.state === 'sending'}>
        {outcome.state === 'sending' ? t.commands.sending : t.commands.send}
      </button>
      <p role="status">
        {outcome.state === 'done' && fillText(t.commands.done, { line: outcome.line.slice(0, 8) })}
      </p>
      {outcome.state === 'refused' && <Refusal error={outcome.error} />}
    </form>
  );
}

function Refusal({ error }: { error: unknown }): JSX.Element {
  const { t } = useDesk();
  const [code, field] = [codeOf(error), isAppError(error) ? error.field : undefined];
  return (
    <p role="alert" class="warn-text">
      {field === undefined
        ? fillText(t.commands.refused, { code })
        : fillText(t.commands.refusedField, { code, field })}
    </p>
  );
}
