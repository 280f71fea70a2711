import { fillText, fromBase64url } from '@attestel/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CheckIcon, CrossIcon } from '../../app/parts/icons.tsx';
import type { ConsoleModule } from '../../server/console-routes.ts';
import type { HistoryLine, JsonObject } from '../api/types.ts';
import type { LineCheck } from '../check/check-line.ts';
import { EVENT_MODULE, stateKeyOf } from '../check/commitments.ts';
import { useDesk } from '../desk.ts';
import { exactTimeText } from '../i18n/format.ts';
import { flagsOf } from '../model/flags.ts';
import { nameOf } from '../model/names.ts';
import { BatchItems } from './batch-items.tsx';
import { codeOf } from './loaded.tsx';
import { Fields, type Labels } from './value-view.tsx';

interface EvidenceProps {
  readonly line: HistoryLine;
  readonly check: LineCheck;
  readonly module: ConsoleModule;
  readonly labels: Labels;
  readonly channel: string;
}

/** What a line says and what shows that it does: content, items of its batch, the receipt. */
export function Evidence({ line, check, module, labels, channel }: EvidenceProps): JSX.Element {
  const { t } = useDesk();
  const content = check.state === 'proven' ? check.content?.payload : undefined;
  const fields = Object.entries((content?.data ?? {}) as JsonObject);
  return (
    <div class="evidence">
      {fields.length > 0 && (
        <section>
          <h4>{t.object.content}</h4>
          <Fields fields={fields} labels={labels} />
        </section>
      )}
      {check.state === 'proven' && content?.batch && (
        <BatchItems
          {...{ proven: check.proven, size: content.batch.size, labels, flags: flagsOf(line) }}
          name={{ channel, module: module.id }}
          line={line.line}
        />
      )}
      {line.events && line.events.length > 0 && (
        <section>
          <h4>{t.object.events}</h4>
          {line.events.map(({ type, data }, i) => (
            <details key={i} class="fold">
              <summary>
                <code>{type}</code>
              </summary>
              <Fields fields={Object.entries(data)} labels={labels} />
            </details>
          ))}
        </section>
      )}
      {!content && <p class="soft small">{t.object.noContent}</p>}
      <Receipt {...{ line, check, channel }} />
    </div>
  );
}

function Receipt({ line, check, channel }: Pick<EvidenceProps, 'line' | 'check' | 'channel'>): JSX.Element {
  const { t, names, locale } = useDesk();
  if (check.state === 'pending') return <p class="soft">{t.proof.checking}</p>;
  if (check.state === 'failed')
    return (
      <p class="receipt bad">
        <CrossIcon /> {t.proof.faults[check.fault]}
      </p>
    );
  const { onLedger } = check.proven;
  const text = check.content ? t.proof.lineText : t.proof.lineOnlyText;
  const { facts } = t.proof;
  const rows: readonly (readonly [string, string])[] = [
    [facts.time, exactTimeText(onLedger.time, locale)],
    [facts.height, String(onLedger.height)],
    [facts.index, String(line.index)],
    [facts.line, line.line],
    [facts.digest, onLedger.digest],
    ...(onLedger.batch ? [[facts.batch, onLedger.batch.root] as const] : []),
  ];
  return (
    <section class="receipt good">
      <p class="receipt-said">
        <CheckIcon /> {fillText(text, { name: nameOf(names, onLedger.actor, locale) })}
      </p>
      {onLedger.module === null && <p class="small soft">{facts.blind}</p>}
      <dl class="receipt-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Download line={line.line} channel={channel} />
    </section>
  );
}

function Download({ line, channel }: { line: string; channel: string }): JSX.Element {
  const { t, api } = useDesk();
  const [failure, setFailure] = useState<string | null>(null);
  const download = async (): Promise<void> => {
    setFailure(null);
    try {
      const receipt = await api.receipt(EVENT_MODULE, stateKeyOf(channel, 'line', line), 'full');
      save(Uint8Array.from(fromBase64url(receipt)), `line-${line.slice(0, 16)}.receipt`);
    } catch (error) {
      setFailure(codeOf(error));
    }
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => void download()}>
        {t.proof.download}
      </button>
      <small>{t.proof.downloadHint}</small>
      {failure !== null && (
        <p role="alert" class="warn-text">
          {t.errors.unknown} {fillText(t.code, { code: failure })}
        </p>
      )}
    </>
  );
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
