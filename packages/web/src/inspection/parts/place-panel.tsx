import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FieldFault } from '../field/template.ts';
import { useLanguage } from '../language.ts';
import type { Draft } from '../phone/draft.ts';
import { takePosition } from '../phone/position.ts';

/** Where the phone is: asked for when the tag is read, and again on demand. That of a refused visit stays. */
export function PlacePanel(props: {
  draft: Draft;
  fault: FieldFault | undefined;
  onChange: (part: Partial<Draft>) => void;
}): JSX.Element {
  const { draft, fault, onChange } = props;
  const { t } = useLanguage();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const take = async (): Promise<void> => {
    setState('busy');
    const place = await takePosition();
    setState(place ? 'idle' : 'failed');
    if (place) onChange({ place });
  };
  const { place } = draft;
  useEffect(() => {
    if (!place) void take();
  }, []);
  const text = place
    ? fillText(t.placeTaken, { ...place, accuracy: place.accuracy ?? '–' })
    : state === 'busy'
      ? t.placeBusy
      : null;
  return (
    <section class="panel" aria-labelledby="place-title">
      <h2 id="place-title">{t.place}</h2>
      <p role="status">{text}</p>
      {state === 'failed' && !place && <p class="field-problem">{t.placeFailed}</p>}
      {fault && <p class="field-problem">{t.placeMissing}</p>}
      {!draft.again && (
        <button
          id="field-place"
          type="button"
          class="secondary"
          disabled={state === 'busy'}
          onClick={() => void take()}
        >
          {place ? t.placeAgain : t.placeAsk}
        </button>
      )}
    </section>
  );
}
