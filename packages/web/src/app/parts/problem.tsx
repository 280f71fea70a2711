import { fillText, isAppError } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import type { Texts } from '../i18n/en.ts';
import { useSession } from '../session.ts';
import { WarnIcon } from './icons.tsx';

type ErrorKey = keyof Texts['errors'];

/** The code of a failure as the catalogue knows it. */
export function errorKeyOf(error: unknown, t: Texts): ErrorKey {
  const code = isAppError(error) ? error.code : 'unknown';
  return Object.hasOwn(t.errors, code) ? (code as ErrorKey) : 'unknown';
}

/** What happened, in one sentence, with the code somebody can quote; and what to do, as children. */
export function Problem(props: { error: unknown; children?: ComponentChildren }): JSX.Element {
  const { t } = useSession();
  const key = errorKeyOf(props.error, t);
  return (
    <div class="problem" role="alert">
      <WarnIcon />
      <div>
        <p>{t.errors[key]}</p>
        <p class="code">{fillText(t.code, { code: key })}</p>
        {props.children}
      </div>
    </div>
  );
}
