import type { JSX } from 'preact';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';
import { Busy } from './busy.tsx';
import { ArrowIcon } from './icons.tsx';
import { hueOf } from './phone-card.tsx';

/** The accredited operators of the registry, each with the way to its page. */
export function OperatorList(): JSX.Element {
  const { t, locale, config, operators } = useSession();
  const { result, reload } = useAsync(operators, 'operators');
  if (result.state === 'running') return <Busy text={t.loading} />;
  if (result.state === 'failed') {
    return (
      <p class="soft">
        {t.home.operatorsFailed}{' '}
        <button type="button" class="text-button" onClick={reload}>
          {t.tryAgain}
        </button>
      </p>
    );
  }
  if (result.value.length === 0) return <p class="soft">{t.home.operatorsNone}</p>;
  return (
    <ul class="rows">
      {result.value.map(({ did, name, addUrl }) => {
        const operator = name[locale];
        const badge = (
          <span class={`badge ${hueOf(did, config)}`} aria-hidden="true">
            {[...operator][0]}
          </span>
        );
        return (
          <li key={did}>
            {addUrl === null ? (
              <span class="row">
                {badge}
                <span class="grow">
                  {operator}
                  <small>{t.home.operatorShop}</small>
                </span>
              </span>
            ) : (
              <a class="row" href={addUrl} rel="noreferrer">
                {badge}
                <span class="grow">
                  {operator}
                  <small>{t.home.operatorGo}</small>
                </span>
                <ArrowIcon />
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}
