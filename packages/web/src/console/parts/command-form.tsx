import { fillText, isAppError } from '@attestel/core';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { ObjectView } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { dataOf, type Field, fieldsOf, isAbout, type Mistake, prefilled } from '../model/form.ts';
import { nameOf } from '../model/names.ts';
import { FieldInput } from './field-input.tsx';
import { codeOf, errorText } from './loaded.tsx';
import { type Labels, labelOf } from './value-view.tsx';

interface FormProps {
  readonly view: ObjectView;
  readonly module: ConsoleModule;
  readonly labels: Labels;
  readonly channel: string;
  /** Called with the line that was written. */
  readonly onDone: (line: string) => void;
}

/** Commands on an object, each with a form made from its schema. Whether somebody may, the node says. */
export function CommandForm(props: FormProps): JSX.Element | null {
  const { t, locale, session, names } = useDesk();
  const { module } = props;
  const commands = Object.entries(module.commands).filter(([, command]) => isAbout(command));
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
  | { readonly state: 'mistaken'; readonly mistake: Mistake }
  | { readonly state: 'refused'; readonly error: unknown };

type Typed = { readonly [name: string]: string };

function Parameters(props: FormProps & { command: string }): JSX.Element {
  const { t } = useDesk();
  const { command, view, module, labels } = props;
  const fields = useMemo(() => fieldsOf(module.commands[command]?.schema ?? {}), [module, command]);
  const [typed, setTyped] = useState<Typed>(() => prefilled(fields, view));
  const [outcome, send] = useSending(props);
  const isSending = outcome.state === 'sending';
  const mistake = outcome.state === 'mistaken' ? outcome.mistake : undefined;
  const submit = (event: Event): void => {
    event.preventDefault();
    void send(fields, typed);
  };
  return (
    <form class="command-form" onSubmit={submit}>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          label={labels.get(field.name) ?? labelOf(field.name, t.fields)}
          value={typed[field.name] ?? ''}
          mistake={mistake?.name === field.name ? mistake : undefined}
          onInput={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <button type="submit" class="primary" disabled={isSending}>
        {isSending ? t.commands.sending : t.commands.send}
      </button>
      {outcome.state === 'refused' && <Refusal error={outcome.error} labels={labels} />}
    </form>
  );
}

type Send = (fields: readonly Field[], typed: Typed) => Promise<void>;

function useSending({
  command,
  view,
  module,
  channel,
  onDone,
}: FormProps & { command: string }): [Outcome, Send] {
  const { api } = useDesk();
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' });
  const send: Send = async (fields, typed) => {
    const read = dataOf(fields, typed);
    if ('mistake' in read) return setOutcome({ state: 'mistaken', mistake: read.mistake });
    setOutcome({ state: 'sending' });
    // A command that begins an object of its own moves none.
    const moved = module.commands[command]?.on === 'new' ? undefined : { id: view.id, head: view.head };
    try {
      const { line } = await api.run({ channel, module: module.id }, moved, command, read.data);
      onDone(line);
    } catch (error) {
      setOutcome({ state: 'refused', error });
    }
  };
  return [outcome, send];
}

/** What was refused, in words; where, by which rule, and the code that the node's documentation has. */
function Refusal({ error, labels }: { error: unknown; labels: Labels }): JSX.Element {
  const { t } = useDesk();
  const { field, extra } = isAppError(error) ? error : { field: undefined, extra: {} };
  const name = field?.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part));
  const { rule } = extra as { readonly rule?: string };
  const said = [
    fillText(t.code, { code: codeOf(error) }),
    ...(rule === undefined ? [] : [fillText(t.commands.rule, { rule })]),
    ...(field === undefined ? [] : [fillText(t.commands.field, { field })]),
  ];
  return (
    <div role="alert" class="warn-text refusal">
      <p>
        {name !== undefined && <strong>{labels.get(name) ?? labelOf(name, t.fields)}: </strong>}
        {errorText(error, t)}
      </p>
      <p class="code">{said.join(' · ')}</p>
    </div>
  );
}
