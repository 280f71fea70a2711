import type { GrowthPoint } from './growth.ts';

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly of: (point: GrowthPoint) => number;
}

const PANELS: readonly Panel[] = [
  { title: 'Disk', unit: 'bytes per operation', of: (point) => point.bytesPerOperation },
  { title: 'Memory', unit: 'MB resident after opening', of: (point) => point.rssMegabytes },
  { title: 'Opening', unit: 'milliseconds', of: (point) => point.openMs },
];
const PANEL_WIDTH = 280;
const BAR_WIDTH = 52;
const BAR_STEP = 80;
const BASE = 250;
const BAR_HEIGHT = 150;

/** Growth as bars: one panel a measure, one bar a size; heights are to scale within a panel. */
export function drawGrowth(points: readonly GrowthPoint[], note: string): string {
  const panels = PANELS.map((panel, i) => drawPanel(panel, points, 20 + i * PANEL_WIDTH));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 310" font-family="system-ui, sans-serif" role="img" aria-labelledby="t d">
<title id="t">How a ledger grows</title>
<desc id="d">${escaped(`${describe(points)} ${note}`)}</desc>
<style>
  .bg { fill: #ffffff; }
  .ink { fill: #1c2733; }
  .soft { fill: #54647a; }
  .bar { fill: #2563a8; }
  .name { font-size: 17px; font-weight: 650; }
  .text { font-size: 13px; }
  .mid { text-anchor: middle; }
  .line { stroke: #c6cfdb; }
  @media (prefers-color-scheme: dark) {
    .bg { fill: #0e141b; }
    .ink { fill: #e6edf5; }
    .soft { fill: #a7b6c6; }
    .bar { fill: #7fb4ee; }
    .line { stroke: #3a4a5d; }
  }
</style>
<rect class="bg" width="860" height="310"/>
${panels.join('\n')}
<text class="soft text" x="20" y="298">${escaped(note)}</text>
</svg>
`;
}

function drawPanel({ title, unit, of }: Panel, points: readonly GrowthPoint[], x: number): string {
  const most = Math.max(...points.map(of));
  const bars = points.map((point, i) => {
    const value = of(point);
    const height = Math.max(1, Math.round((BAR_HEIGHT * value) / most));
    const left = x + i * BAR_STEP;
    const middle = left + BAR_WIDTH / 2;
    return [
      `<rect class="bar" x="${left}" y="${BASE - height}" width="${BAR_WIDTH}" height="${height}" rx="3"/>`,
      `<text class="ink text mid" x="${middle}" y="${BASE - height - 6}">${plain(value)}</text>`,
      `<text class="soft text mid" x="${middle}" y="${BASE + 18}">${short(point.keys)}</text>`,
    ].join('');
  });
  return [
    `<text class="ink name" x="${x}" y="38">${title}</text>`,
    `<text class="soft text" x="${x}" y="60">${unit}</text>`,
    `<path class="line" d="M${x} ${BASE}h${PANEL_WIDTH - 60}"/>`,
    ...bars,
  ].join('\n');
}

const describe = (points: readonly GrowthPoint[]): string =>
  points
    .map(
      (point) =>
        `At ${short(point.keys)} keys: ${PANELS.map(({ unit, of }) => `${plain(of(point))} ${unit}`).join(', ')}.`,
    )
    .join(' ');

const plain = (value: number): string => Math.round(value).toLocaleString('en');
const short = (keys: number): string => (keys >= 1_000_000 ? `${keys / 1_000_000} M` : `${keys / 1000} k`);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
