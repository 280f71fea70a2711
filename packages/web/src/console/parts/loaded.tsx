import { fillText, isAppError } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import { Busy } from '../../app/parts/busy.tsx';
import { WarnIcon } from '../../app/parts/icons.tsx';
import type { Async } from '../../app/use-async.ts';
import { useDesk } from '../desk.ts';
import type { Texts } from '../i18n/en.ts';

/** What was asked for once it is here; until then that it is on its way, or why it does not come. */
export function Loaded<T>(props: {
  result: Async<T>;
  onAgain: () => void;
  children: (value: T) => ComponentChildren;
}): JSX.Element {
  const { t } = useDesk();
  const { result } = props;
  if (result.state === 'running') return <Busy text={t.loading} />;
  if (result.state === 'done') return <>{props.children(result.value)}</>;
  return (
    <div class="problem" role="alert">
      <WarnIcon />
      <div>
        <p>{errorText(result.error, t)}</p>
        <p class="code">{fillText(t.code, { code: codeOf(result.error) })}</p>
        <button type="button" class="secondary" onClick={props.onAgain}>
          {t.again}
        </button>
      </div>
    </div>
  );
}

export const codeOf = (error: unknown): string => (isAppError(error) ? error.code : 'failed');

export function errorText(error: unknown, t: Texts): string {
  const code = codeOf(error);
  return (Object.hasOwn(t.errors, code) ? t.errors[code] : t.errors.unknown) ?? '';
}
