import { fillText } from '@attestel/core';
import type { AskerView } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useSession } from '../session.ts';
import { askerName } from './asker.tsx';
import { WarnIcon } from './icons.tsx';

/**
 * Warns that approving signs in another screen. The wallet cannot see whose screen that is: only the
 * person knows whether the code was scanned there or the link came by mail (RFC 10027).
 */
export function Elsewhere({ asker }: { asker: AskerView }): JSX.Element {
  const { t, locale } = useSession();
  return (
    <section class="hint warn" aria-labelledby="elsewhere" data-mode="cross-device">
      <WarnIcon />
      <div>
        <h2 id="elsewhere">{asker.app ? t.present.elsewhereTitle : t.present.elsewhereMemberTitle}</h2>
        <p>{fillText(t.present.elsewhere, { app: askerName(asker, locale) })}</p>
      </div>
    </section>
  );
}
