import type { JSX } from 'preact';
import { useAsync } from '../../app/use-async.ts';
import { channelsBelow } from '../board/channels.ts';
import { type RoamingFacts, roamingFacts, stagesOf } from '../board/roaming-facts.ts';
import { Bars } from '../charts/bars.tsx';
import { useDesk } from '../desk.ts';
import { statusText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { moduleNamed } from '../model/scenarios.ts';
import { Link } from '../parts/link.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { Digest, PartyName } from '../parts/value-view.tsx';
import { useRouter } from '../router.ts';
import { Behind } from './device-board.tsx';

/** Partners, what is to be paid, whose turn it is, who is late. */
export function RoamingBoard(): JSX.Element {
  const { api, config, session, trust } = useDesk();
  const { channel } = useRouter();
  const channels = channelsBelow(channel, session.channels);
  const at = new Date(trust.now() * 1000).toISOString().replace(/\.\d+/, '');
  const { result, reload } = useAsync(
    () => roamingFacts(api, config.modules, { channels, reader: session.did, at }),
    channel,
  );
  return (
    <>
      <Loaded result={result} onAgain={reload}>
        {(facts) => (
          <div class="charts two">
            <Nets facts={facts} />
            <Stages facts={facts} />
            <Waits facts={facts} />
            <Late facts={facts} />
            <Partners facts={facts} />
          </div>
        )}
      </Loaded>
      <Behind
        names={['roaming.statement', 'roaming.iot', 'roaming.usage', 'roaming.dispute', 'roaming.ir21']}
      />
    </>
  );
}

function Nets({ facts }: { facts: RoamingFacts }): JSX.Element {
  const { t, names, locale } = useDesk();
  const { nets } = facts;
  return (
    <Bars
      title={t.roaming.net}
      text={t.roaming.netText}
      bars={nets.map(({ amount }, i) => ({ label: String(i), value: Number(amount) }))}
      isSigned
      empty={t.roaming.nothingOpen}
      // Exactly as the modules say it: what is drawn is rounded, what is read is not.
      say={(value) => textOf(nets, value)}
      labelHead={t.roaming.partner}
      labelOf={(label) => nameOf(names, nets[Number(label)]?.partner ?? '', locale)}
    />
  );
}

function textOf(nets: RoamingFacts['nets'], value: number): string {
  const net = nets.find(({ amount }) => Number(amount) === value);
  return net ? `${net.amount} ${net.currency}` : String(value);
}

function Stages({ facts }: { facts: RoamingFacts }): JSX.Element {
  const { t } = useDesk();
  return (
    <Bars
      title={t.roaming.stages}
      text={t.roaming.stagesText}
      bars={stagesOf(facts.waiting).map(([label, value]) => ({ label, value }))}
      say={String}
      labelHead={t.roaming.stage}
      labelOf={(stage) => statusText(stage, t)}
    />
  );
}

function Waits({ facts }: { facts: RoamingFacts }): JSX.Element {
  const { t, config } = useDesk();
  const module = moduleNamed(config.modules, 'roaming.statement')?.id ?? '';
  const waiting = facts.waiting.filter(({ waitsFor }) => waitsFor !== null);
  return (
    <section class="panel">
      <h2>{t.roaming.waiting}</h2>
      {waiting.length === 0 ? (
        <p class="soft">{t.roaming.nobodyWaits}</p>
      ) : (
        <table class="plain-table">
          <thead>
            <tr>
              {[t.roaming.statement, t.roaming.stage, t.roaming.waitsFor].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ id, channel, stage, waitsFor }) => (
              <tr key={id}>
                <th scope="row">
                  <Link to={{ page: 'object', module, id }} channel={channel}>
                    <Digest hex={id} />
                  </Link>
                </th>
                <td>
                  <StatusBadge status={stage} />
                </td>
                <td>
                  <PartyName did={waitsFor ?? ''} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Late({ facts }: { facts: RoamingFacts }): JSX.Element {
  const { t, config } = useDesk();
  const module = moduleNamed(config.modules, 'roaming.ir21')?.id ?? '';
  const late = facts.late.filter((sheet) => sheet.late.length > 0);
  return (
    <section class="panel">
      <h2>{t.roaming.late}</h2>
      <p class="soft small">{t.roaming.lateText}</p>
      {late.length === 0 && <p class="soft">{t.roaming.nothingLate}</p>}
      <ul class="lines">
        {late.map(({ id, channel, publisher, version, late: who }) => (
          <li key={id}>
            <Link to={{ page: 'object', module, id }} channel={channel}>
              {t.roaming.sheet} <PartyName did={publisher} /> · {t.roaming.version} {version}
            </Link>
            <span>
              {t.roaming.missing}:{' '}
              {who.map((did) => (
                <span key={did} class="party-chip">
                  <PartyName did={did} />
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Partners({ facts }: { facts: RoamingFacts }): JSX.Element {
  const { t, config } = useDesk();
  const module = moduleNamed(config.modules, 'roaming.party')?.id ?? '';
  return (
    <section class="panel">
      <h2>{t.roaming.partners}</h2>
      {facts.partners.length === 0 && <p class="soft">{t.board.empty}</p>}
      <ul class="lines">
        {facts.partners.map(({ id, channel, publisher, name, codes }) => (
          <li key={id}>
            <Link to={{ page: 'object', module, id }} channel={channel}>
              {name === '' ? <PartyName did={publisher} /> : name}
            </Link>
            <small>{codes.join(' · ')}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
