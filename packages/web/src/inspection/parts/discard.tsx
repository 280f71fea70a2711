import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useLanguage } from '../language.ts';

/** Asks once more: what was typed cannot be had back. */
export function Discard({ onDiscard }: { onDiscard: () => void }): JSX.Element {
  const { t } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <button type="button" class="plain" onClick={() => setAsking(true)}>
        {t.discard}
      </button>
    );
  return (
    <div class="panel" role="alert">
      <p>{t.discardAsk}</p>
      <div class="side-by-side">
        <button type="button" class="plain danger" onClick={onDiscard}>
          {t.discard}
        </button>
        <button type="button" class="secondary" onClick={() => setAsking(false)}>
          {t.back}
        </button>
      </div>
    </div>
  );
}
