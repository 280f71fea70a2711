import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface BarcodeDetector {
  detect(video: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type BarcodeDetectorClass = new (options: { formats: readonly string[] }) => BarcodeDetector;

const LOOK_EVERY_MS = 250;

const detectorClass = (): BarcodeDetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: BarcodeDetectorClass }).BarcodeDetector;

/** The camera, where the browser reads codes itself; elsewhere the phone's own camera app opens the label's link. */
export function Scanner(props: {
  t: { readonly scan: string; readonly stopScan: string; readonly cameraOff: string };
  onText: (text: string) => void;
}): JSX.Element {
  const { t, onText } = props;
  const [isOn, setOn] = useState(false);
  const [isRefused, setRefused] = useState(detectorClass() === undefined);
  const found = (text: string): void => {
    setOn(false);
    onText(text);
  };
  if (isRefused) return <p class="soft small">{t.cameraOff}</p>;
  return (
    <div class="scanner">
      {isOn && <Camera onText={found} onRefused={() => setRefused(true)} />}
      <button type="button" class={isOn ? 'secondary' : 'primary'} onClick={() => setOn(!isOn)}>
        <ScanIcon />
        {isOn ? t.stopScan : t.scan}
      </button>
    </div>
  );
}

const ScanIcon = (): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16" />
  </svg>
);

function Camera(props: { onText: (text: string) => void; onRefused: () => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    let isOver = false;
    const start = async (): Promise<void> => {
      const [Detector, element] = [detectorClass(), video.current];
      if (!Detector || !element) return;
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      // Stopped while the person was asked.
      if (isOver) return stop(stream);
      const detector = new Detector({ formats: ['qr_code', 'data_matrix'] });
      element.srcObject = stream;
      await element.play();
      timer = setInterval(() => {
        void detector.detect(element).then(
          ([code]) => code && !isOver && props.onText(code.rawValue),
          () => undefined,
        );
      }, LOOK_EVERY_MS);
    };
    start().catch(() => props.onRefused());
    return () => {
      isOver = true;
      clearInterval(timer);
      stop(stream);
    };
  }, []);
  return (
    <video ref={video} muted playsInline>
      <track kind="captions" />
    </video>
  );
}

const stop = (stream: MediaStream | undefined): void =>
  stream?.getTracks().forEach((track) => {
    track.stop();
  });
