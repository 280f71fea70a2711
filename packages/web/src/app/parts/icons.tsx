import type { JSX } from 'preact';

const icon =
  (...paths: string[]) =>
  (): JSX.Element => (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {paths.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );

export const CardsIcon = icon(
  'M3 7a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
  'M3 10h18',
  'M7 15h4',
);
export const HistoryIcon = icon('M3 12a9 9 0 1 0 3-6.7L3 8', 'M3 3v5h5', 'M12 7v5l3 2');
export const ShieldIcon = icon(
  'M12 3 4.5 6v5.5c0 4.4 3.1 8.3 7.5 9.5 4.4-1.2 7.5-5.1 7.5-9.5V6z',
  'm9 12 2.2 2.2L15.5 10',
);
export const ArrowIcon = icon('M9 6l6 6-6 6');
export const BackIcon = icon('M15 6l-6 6 6 6');
export const CheckIcon = icon('m5 12.5 4.5 4.5L19 7.5');
export const CrossIcon = icon('M6 6l12 12', 'M18 6 6 18');
export const PlusIcon = icon('M12 5v14', 'M5 12h14');
export const RenewIcon = icon(
  'M20 11a8 8 0 0 0-14.3-4L3 9.5',
  'M3 4v5.5h5.5',
  'M4 13a8 8 0 0 0 14.3 4l2.7-2.5',
  'M21 20v-5.5h-5.5',
);
export const LockIcon = icon(
  'M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z',
  'M8 11V8a4 4 0 0 1 8 0v3',
);
export const WarnIcon = icon('M12 4 2.8 19.5h18.4z', 'M12 10v4', 'M12 17v.01');
export const LinkIcon = icon(
  'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1',
  'M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
);
export const EyeIcon = icon(
  'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z',
  'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
);
export const ExternalIcon = icon(
  'M14 4h6v6',
  'M20 4l-9 9',
  'M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
);
