import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** One line that is pasted or typed, and taken by a button. */
export function TextField(props: {
  id: string;
  label: string;
  go: string;
  onText: (text: string) => void;
}): JSX.Element {
  const { id, label, go, onText } = props;
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setText('');
        onText(text);
      }}
    >
      <label for={id}>{label}</label>
      <div class="field-row">
        <input
          id={id}
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="secondary">
          {go}
        </button>
      </div>
    </form>
  );
}
