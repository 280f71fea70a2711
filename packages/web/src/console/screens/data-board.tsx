import type { JSX } from 'preact';
import { useAsync } from '../../app/use-async.ts';
import { channelsBelow } from '../board/channels.ts';
import { type DataFacts, dataFacts } from '../board/data-facts.ts';
import { Bars } from '../charts/bars.tsx';
import { useDesk } from '../desk.ts';
import { statusText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { Loaded } from '../parts/loaded.tsx';
import { useRouter } from '../router.ts';
import { Behind } from './device-board.tsx';

/** What consents are worth, what was given on them, how deals stand, what was asked for inside. */
export function DataBoard(): JSX.Element {
  const { api, config, trust, session } = useDesk();
  const { channel } = useRouter();
  const channels = channelsBelow(channel, session.channels);
  const at = new Date(trust.now() * 1000).toISOString().replace(/\.\d+/, '');
  const { result, reload } = useAsync(() => dataFacts(api, config.modules, { channels, at }), channel);
  return (
    <>
      <Loaded result={result} onAgain={reload}>
        {(facts) => <Charts facts={facts} />}
      </Loaded>
      <Behind
        names={['data.consent', 'data.provision', 'data.deal', 'data.request', 'data.set', 'data.block']}
      />
    </>
  );
}

function Charts({ facts }: { facts: DataFacts }): JSX.Element {
  const { t, names, locale } = useDesk();
  const bars = (counts: DataFacts['deals']) => counts.map(([label, value]) => ({ label, value }));
  const common = { say: String, labelHead: t.objects.columns.status };
  return (
    <div class="charts two">
      <Bars
        {...common}
        title={t.data.consents}
        text={t.data.consentsText}
        bars={bars(facts.consents)}
        labelOf={(standing) => statusText(standing, t)}
      />
      <Bars
        {...common}
        title={t.data.provisions}
        text={t.data.provisionsText}
        bars={givenBy(facts)}
        labelHead={t.roaming.partner}
        labelOf={(did) => nameOf(names, did, locale)}
      />
      <Bars {...common} title={t.data.deals} text={t.data.dealsText} bars={bars(facts.deals)} />
      <Bars
        {...common}
        title={t.data.requests}
        text={t.data.requestsText}
        bars={bars(facts.requests)}
        labelOf={(status) => statusText(status, t)}
      />
    </div>
  );
}

function givenBy({ provisions }: DataFacts) {
  const sums = new Map<string, number>();
  for (const { owner, items } of provisions) sums.set(owner, (sums.get(owner) ?? 0) + items);
  return [...sums].sort(([, a], [, b]) => b - a).map(([label, value]) => ({ label, value }));
}
