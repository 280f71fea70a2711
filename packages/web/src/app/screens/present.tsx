import { fillText } from '@attestel/core';
import type { PresentationResult, RequestPreview } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Texts } from '../i18n/en.ts';
import { Asker, askerName } from '../parts/asker.tsx';
import { Busy } from '../parts/busy.tsx';
import { Elsewhere } from '../parts/elsewhere.tsx';
import { CheckIcon } from '../parts/icons.tsx';
import { Leaving, type Selection, startSelection } from '../parts/leaving.tsx';
import { Link } from '../parts/link.tsx';
import { OperatorList } from '../parts/operator-list.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';

/** Answering a request: who asks, what leaves, yes or no. */
export function Present({ link }: { link: string }): JSX.Element {
  const { t, wallet } = useSession();
  const { result, reload } = useAsync(() => wallet.previewRequest(link), link);
  if (result.state === 'done') return <Request preview={result.value} onChanged={reload} />;
  return (
    <Page title={t.present.title}>
      {result.state === 'running' ? (
        <Busy text={t.present.reading} />
      ) : (
        <>
          <Problem error={result.error}>
            <button type="button" class="text-button" onClick={reload}>
              {t.tryAgain}
            </button>
          </Problem>
          <Link to="/" class="button secondary">
            {t.present.doneGo}
          </Link>
        </>
      )}
    </Page>
  );
}

type Phase =
  | { readonly at: 'asking'; readonly error: unknown }
  | { readonly at: 'sending' }
  | { readonly at: 'answered' | 'refused'; readonly redirectUri: string | null };

function Request({ preview, onChanged }: { preview: RequestPreview; onChanged: () => void }): JSX.Element {
  const { t, locale, wallet } = useSession();
  const [phase, setPhase] = useState<Phase>({ at: 'asking', error: null });
  const [selection, setSelection] = useState<Selection>(startSelection(preview));
  const answer = async (
    at: 'answered' | 'refused',
    send: () => Promise<PresentationResult>,
  ): Promise<void> => {
    setPhase({ at: 'sending' });
    try {
      const { redirectUri } = await send();
      setPhase({ at, redirectUri });
      if (redirectUri !== null) location.assign(redirectUri);
    } catch (error) {
      setPhase({ at: 'asking', error });
    }
  };
  const approve = (): Promise<void> => answer('answered', () => wallet.approve(preview.id, selection));
  const refuse = (): Promise<void> => answer('refused', () => wallet.refuse(preview.id));
  if (phase.at === 'answered' || phase.at === 'refused') return <Answered phase={phase} />;
  const { asker } = preview;
  const name = askerName(asker, locale);
  const question = fillText(asker.app ? t.present.question : t.present.questionMember, {
    app: name,
    member: name,
  });
  const sending = phase.at === 'sending';
  return (
    <Page title={question}>
      <Asker asker={asker} />
      {preview.mode === 'cross-device' && <Elsewhere asker={asker} />}
      {preview.cards.length === 0 ? (
        <NoCard mode={preview.mode} />
      ) : (
        <Leaving preview={preview} selection={selection} onSelect={setSelection} />
      )}
      {phase.at === 'asking' && phase.error !== null && (
        <Problem error={phase.error}>
          <button type="button" class="text-button" onClick={onChanged}>
            {t.tryAgain}
          </button>
        </Problem>
      )}
      <div class="actions sticky">
        {sending && <Busy text={t.present.sending} />}
        {preview.cards.length > 0 && (
          <button
            type="button"
            class="primary"
            data-action="approve"
            disabled={sending}
            onClick={() => void approve()}
          >
            {approveText(preview, t)}
          </button>
        )}
        <button
          type="button"
          class="plain"
          data-action="refuse"
          disabled={sending}
          onClick={() => void refuse()}
        >
          {t.present.refuse}
        </button>
      </div>
    </Page>
  );
}

/** The button says itself where the sign-in goes on. */
function approveText({ asker, mode }: RequestPreview, { present }: Texts): string {
  if (mode === 'cross-device') return asker.app ? present.approveElsewhere : present.approveMemberElsewhere;
  return asker.app ? present.approve : present.approveMember;
}

/** The request waits in the wallet while the person is at the operator. */
function NoCard({ mode }: { mode: RequestPreview['mode'] }): JSX.Element {
  const { t, wallet } = useSession();
  const { result } = useAsync(() => wallet.cards(), 'cards');
  const none = result.state !== 'done' || result.value.length === 0;
  const getOne = mode === 'cross-device' ? t.present.noCardTextElsewhere : t.present.noCardText;
  return (
    <section class="panel accent" aria-labelledby="no-card">
      <h2 id="no-card">{none ? t.present.noCardTitle : t.present.noMatchTitle}</h2>
      <p>{none ? getOne : t.present.noMatchText}</p>
      <OperatorList />
    </section>
  );
}

function Answered({ phase }: { phase: Extract<Phase, { redirectUri: string | null }> }): JSX.Element {
  const { t } = useSession();
  const { navigate } = useRouter();
  const refused = phase.at === 'refused';
  useEffect(() => {
    // The link is used up: going back must not ask again.
    if (phase.redirectUri === null) history.replaceState(null, '', '/');
  }, [phase.redirectUri]);
  const title = refused ? t.present.refusedTitle : t.present.doneTitle;
  return (
    <Page title={title} hideTitle>
      <div class="result">
        <span class={refused ? 'result-mark refused' : 'result-mark'} aria-hidden="true">
          <CheckIcon />
        </span>
        <p class="question">{title}</p>
        <p role="status">
          {phase.redirectUri === null
            ? refused
              ? t.present.refusedText
              : t.present.doneText
            : t.present.forward}
        </p>
        {phase.redirectUri === null ? (
          <button type="button" class="secondary" onClick={() => navigate('/', { replace: true })}>
            {t.present.doneGo}
          </button>
        ) : (
          <Link to="/" class="visually-hidden">
            {t.present.doneGo}
          </Link>
        )}
      </div>
    </Page>
  );
}
