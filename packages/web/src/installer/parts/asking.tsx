import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CardsIcon, WarnIcon } from '../../app/parts/icons.tsx';
import type { KeptProofs } from '../check/kept-proofs.ts';
import { type Device, deviceOfFile, deviceOfText, MAX_FILE_BYTES } from '../check/read-device.ts';
import { useLanguage } from '../language.ts';
import { Scanner } from './scanner.tsx';

/** Three ways to name a device: its label before the camera, its certificate, or what is printed on it. */
export function Asking(props: {
  proofs: KeptProofs;
  onDevices: (devices: readonly Device[]) => void;
}): JSX.Element {
  const { t } = useLanguage();
  const [problem, setProblem] = useState<string | null>(null);
  const take = (devices: readonly Device[], problemThen: string | null = null): void => {
    setProblem(problemThen);
    if (devices.length > 0) props.onDevices(devices);
  };
  const takeText = (text: string): void => {
    const device = deviceOfText(text) ?? bySerial(props.proofs, text.trim());
    take(device ? [device] : [], device ? null : t.unreadable);
  };
  const takeFiles = async (files: readonly File[]): Promise<void> => {
    const read = await Promise.all(
      files.map(async (file) => ({
        name: file.name,
        device:
          file.size > MAX_FILE_BYTES ? undefined : deviceOfFile(new Uint8Array(await file.arrayBuffer())),
      })),
    );
    const names = read.filter(({ device }) => !device).map(({ name }) => name);
    const devices = read.flatMap(({ device }) => (device ? [device] : []));
    take(devices, names.length === 0 ? null : fillText(t.unreadableFiles, { names: names.join(', ') }));
  };
  return (
    <section class="panel asking" aria-label={t.lead}>
      <Scanner t={t} onText={takeText} />
      <FileChooser onFiles={(files) => void takeFiles(files)} />
      <LabelField onText={takeText} />
      {problem && (
        <p class="hint warn" role="alert">
          <WarnIcon />
          {problem}
        </p>
      )}
    </section>
  );
}

/** Serials are not on the ledger: only a device that this phone has checked is known by its own. */
const bySerial = (proofs: KeptProofs, serial: string): Device | undefined =>
  serial === '' ? undefined : proofs.all().find(({ device }) => device.name === serial)?.device;

function FileChooser({ onFiles }: { onFiles: (files: readonly File[]) => void }): JSX.Element {
  const { t } = useLanguage();
  const changed = ({ currentTarget }: JSX.TargetedEvent<HTMLInputElement>): void => {
    onFiles([...(currentTarget.files ?? [])]);
    // The same file again is another check.
    currentTarget.value = '';
  };
  return (
    <div>
      <label class="button secondary file">
        <CardsIcon />
        {t.choose}
        <input
          type="file"
          class="visually-hidden"
          multiple
          accept=".crt,.cer,.pem,.der"
          aria-describedby="choose-hint"
          onChange={changed}
        />
      </label>
      <p id="choose-hint" class="soft small">
        {t.chooseHint}
      </p>
    </div>
  );
}

function LabelField({ onText }: { onText: (text: string) => void }): JSX.Element {
  const { t } = useLanguage();
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onText(text);
      }}
    >
      <label for="label-text">{t.typeLabel}</label>
      <div class="field-row">
        <input
          id="label-text"
          type="text"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="secondary">
          {t.typeGo}
        </button>
      </div>
    </form>
  );
}
