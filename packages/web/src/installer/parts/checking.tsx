import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useLanguage } from '../language.ts';

export function Checking({ done, all }: { done: number; all: number }): JSX.Element {
  const { t } = useLanguage();
  return (
    <p class="busy" role="status">
      <span class="spinner" aria-hidden="true" />
      {all === 1 ? t.checking : fillText(t.checkingMany, { done: done + 1, all })}
    </p>
  );
}
