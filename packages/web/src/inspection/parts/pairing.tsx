import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LockIcon, WarnIcon } from '../../app/parts/icons.tsx';
import { useLanguage } from '../language.ts';
import type { PhoneDatabase } from '../phone/database.ts';
import type { PageConfig } from '../phone/field-phone.ts';
import { codeOfLink, type Identity, pair, pendingCode } from '../phone/identity.ts';
import { TextField } from './text-field.tsx';

/** Makes this phone an inspector's: by a link, which came with the address, was pasted, or was begun with before. */
export function Pairing(props: {
  db: PhoneDatabase;
  config: PageConfig;
  code: string | undefined;
  onPaired: (identity: Identity) => void;
}): JSX.Element {
  const { db, config, onPaired } = props;
  const { t, locale } = useLanguage();
  const [code, setCode] = useState(props.code);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (props.code !== undefined) setCode(props.code);
    else void pendingCode(db).then((pending) => setCode((known) => known ?? pending));
  }, [props.code]);
  const begin = async (link: string): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const done = await pair(db, link).catch(() => ({ problem: 'storage' }));
    setBusy(false);
    if ('identity' in done) onPaired(done.identity);
    else setProblem(problemText(done.problem, t.pairProblems));
  };
  const paste = (text: string): void => {
    const found = codeOfLink(text);
    setProblem(found === undefined ? t.pairing.unreadable : null);
    if (found !== undefined) setCode(found);
  };
  return (
    <>
      <h1>{t.pairing.title}</h1>
      {code === undefined ? (
        <p class="lead">{t.pairing.text}</p>
      ) : (
        <section class="panel">
          <p>{fillText(t.pairing.found, { member: config.member[locale] })}</p>
          <button type="button" class="primary wide" disabled={isBusy} onClick={() => void begin(code)}>
            <LockIcon />
            {isBusy ? t.pairing.busy : t.pairing.go}
          </button>
        </section>
      )}
      <div aria-live="polite">
        {problem && (
          <p class="hint warn">
            <WarnIcon />
            {problem}
          </p>
        )}
      </div>
      <section class="panel asking">
        <TextField id="pairing-link" label={t.pairing.paste} go={t.pairing.pasteGo} onText={paste} />
      </section>
    </>
  );
}

const problemText = (code: string, texts: Record<string, string>): string =>
  texts[code] ?? fillText(texts.other ?? '', { code });
