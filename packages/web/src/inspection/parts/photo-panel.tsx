import type { JSX } from 'preact';
import type { FieldFault } from '../field/template.ts';
import { useLanguage } from '../language.ts';
import type { Draft } from '../phone/draft.ts';
import { useObjectUrl } from '../use-object-url.ts';

/** The camera's photo. It stays on the phone: the record has its digest. */
export function PhotoPanel(props: {
  draft: Draft;
  fault: FieldFault | undefined;
  onChange: (part: Partial<Draft>) => void;
}): JSX.Element {
  const { draft, fault, onChange } = props;
  const { t } = useLanguage();
  const url = useObjectUrl(draft.photo);
  const changed = ({ currentTarget }: JSX.TargetedEvent<HTMLInputElement>): void => {
    const [photo] = currentTarget.files ?? [];
    if (photo) onChange({ photo });
  };
  return (
    <section class="panel" aria-labelledby="photo-title">
      <h2 id="photo-title">{t.photo}</h2>
      {url && <img class="photo" src={url} alt={t.photoAlt} />}
      {!draft.again && (
        <label class="button secondary file">
          {draft.photo ? t.photoAgain : t.photoTake}
          <input
            id="field-photo"
            type="file"
            class="visually-hidden"
            accept="image/*"
            capture="environment"
            aria-describedby="photo-hint"
            onChange={changed}
          />
        </label>
      )}
      <p id="photo-hint" class="soft small">
        {t.photoHint}
      </p>
      {fault && <p class="field-problem">{t.photoMissing}</p>}
    </section>
  );
}
