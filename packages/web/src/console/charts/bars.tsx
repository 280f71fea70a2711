import type { ComponentChildren, JSX } from 'preact';
import type { Bar } from '../board/device-metrics.ts';
import { useDesk } from '../desk.ts';

interface BarsProps {
  readonly title: string;
  readonly text: string;
  readonly bars: readonly Bar[];
  /** Value of a full bar; absent: the largest. */
  readonly full?: number;
  /** Said where there are no bars. */
  readonly empty?: string;
  /** Bars go both ways from the middle. */
  readonly isSigned?: boolean;
  readonly say: (value: number) => string;
  readonly labelHead: string;
  /** Reads a label: a code stays, a name in the reader's language. */
  readonly labelOf?: (label: string) => ComponentChildren;
}

/** Horizontal bars with their values in words, and the same as a table. */
export function Bars(props: BarsProps): JSX.Element {
  const { t } = useDesk();
  const { title, text, bars, isSigned = false, say, labelOf = (label) => label } = props;
  const values = bars.map(({ value }) => Math.abs(value ?? 0));
  const full = Math.max(props.full ?? 0, ...values) || 1;
  return (
    <figure class="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <p class="soft small">{text}</p>
      </figcaption>
      {bars.length === 0 ? (
        <p class="soft">{props.empty ?? t.board.empty}</p>
      ) : (
        <>
          <ul class="bars">
            {bars.map(({ label, value }, i) => (
              <li key={`${label} ${i}`} class="bar">
                <span class="bar-label">{labelOf(label)}</span>
                <BarShape share={(value ?? 0) / full} isSigned={isSigned} />
                <span class={value === null ? 'bar-value soft' : 'bar-value'}>
                  {value === null ? t.board.noValue : say(value)}
                </span>
              </li>
            ))}
          </ul>
          <AsTable {...props} />
        </>
      )}
    </figure>
  );
}

/** A picture beside its value in words: it says nothing more. @param share from -1 to 1 */
function BarShape({ share, isSigned }: { share: number; isSigned: boolean }): JSX.Element {
  const width = `${(Math.abs(share) * (isSigned ? 50 : 100)).toFixed(2)}%`;
  const x = isSigned ? `${(share < 0 ? 50 + share * 50 : 50).toFixed(2)}%` : '0';
  return (
    <svg class="bar-shape" aria-hidden="true" focusable="false">
      <rect class="bar-ground" width="100%" height="100%" rx="5" />
      <rect class={share < 0 ? 'bar-fill minus' : 'bar-fill'} x={x} width={width} height="100%" rx="5" />
      {isSigned && <line class="bar-middle" x1="50%" x2="50%" y1="0" y2="100%" />}
    </svg>
  );
}

function AsTable({ title, bars, say, labelHead, labelOf = (label) => label }: BarsProps): JSX.Element {
  const { t } = useDesk();
  return (
    <details class="fold">
      <summary>
        {t.board.table}
        <span class="visually-hidden"> · {title}</span>
      </summary>
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">{labelHead}</th>
            <th scope="col">{title}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ label, value }, i) => (
            <tr key={`${label} ${i}`}>
              <th scope="row">{labelOf(label)}</th>
              <td>{value === null ? t.board.noValue : say(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
