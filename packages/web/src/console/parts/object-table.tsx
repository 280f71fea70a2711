import type { JSX } from 'preact';
import type { ListedObject } from '../api/types.ts';
import { useDesk } from '../desk.ts';
import { timeText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { EVERYONE, readable } from '../model/readable.ts';
import { Link } from './link.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Digest, PartyName } from './value-view.tsx';

const PARTIES = 3;

/** Objects as a table, on narrow screens as cards. */
export function ObjectTable({
  rows,
  module,
}: {
  rows: readonly ListedObject[];
  module: string;
}): JSX.Element {
  const { t, locale } = useDesk();
  const { object, status, parties, changed } = t.objects.columns;
  return (
    <table class="objects">
      <thead>
        <tr>
          {[object, status, parties, changed].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Link to={{ page: 'object', module, id: row.id }}>
                <About row={row} />
              </Link>
            </th>
            <td>
              <StatusBadge status={row.status} />
            </td>
            <td class="parties">
              <Parties dids={row.parties} />
            </td>
            <td>
              {row.changed === null ? (
                <span class="soft">{t.nothing}</span>
              ) : (
                <time dateTime={new Date(row.changed * 1000).toISOString()}>
                  {timeText(row.changed, locale)}
                </time>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What it is about; where nothing is known, its id. */
function About({ row }: { row: ListedObject }): JSX.Element {
  const { names, locale } = useDesk();
  const texts = Object.entries(row.about).map(([name, value]) => {
    const shown = readable(name, value);
    if (shown.as === 'party') return nameOf(names, shown.did, locale);
    if (shown.as === 'digest') return `${shown.hex.slice(0, 8)}…`;
    return shown.as === 'text' ? shown.text : '';
  });
  const said = texts.filter((text) => text !== '');
  return (
    <>
      <span class="about">{said.length === 0 ? <Digest hex={row.id} /> : said.join(' · ')}</span>
      {said.length > 0 && (
        <small>
          <Digest hex={row.id} />
        </small>
      )}
    </>
  );
}

function Parties({ dids }: { dids: readonly string[] }): JSX.Element {
  const { t } = useDesk();
  const shown = dids.slice(0, PARTIES);
  return (
    <>
      {shown.map((did) => (
        <span key={did} class="party-chip">
          {did === EVERYONE ? t.objects.everyone : <PartyName did={did} />}
        </span>
      ))}
      {dids.length > PARTIES && <span class="soft">+{dids.length - PARTIES}</span>}
    </>
  );
}
