import { fillText } from '@attestel/core';
import type { AskerView } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useSession } from '../session.ts';
import { ShieldIcon } from './icons.tsx';

/** Name of whoever the person deals with: the site, or the member that asks by itself. */
export const askerName = (asker: AskerView, locale: 'zh-CN' | 'en'): string =>
  (asker.app ?? asker.operatedBy).name[locale];

/** Who asks, for what, who vouches, and on which way: names from the registry, never from the request. */
export function Asker({ asker }: { asker: AskerView }): JSX.Element {
  const { t, locale } = useSession();
  const { app, bridge, operatedBy } = asker;
  return (
    <section class="asker">
      <span class="badge large" aria-hidden="true">
        {[...askerName(asker, locale)][0]}
      </span>
      {app && <p class="purpose">{app.purpose[locale]}</p>}
      <ul class="trust">
        <li>
          <ShieldIcon />
          <span>
            {app ? fillText(t.present.vouched, { member: app.vouchedBy.name[locale] }) : t.present.registered}
          </span>
        </li>
        {bridge && (
          <li>
            <ShieldIcon />
            <span>
              {fillText(
                bridge.name[locale] === operatedBy.name[locale] ? t.present.bridgeOnly : t.present.bridge,
                { bridge: bridge.name[locale], member: operatedBy.name[locale] },
              )}
            </span>
          </li>
        )}
      </ul>
    </section>
  );
}
