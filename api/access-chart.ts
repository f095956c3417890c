// The chart of an employer's figures, drawn here so that a browser needs no script for it.
import type { Figure } from '../projections/access-figures.ts';

const steps: readonly (readonly [measure: string, label: string])[] = [
  ['enrolled', 'Enrolled'],
  ['personsStarted', 'Asked for care'],
  ['personsWithConsult', 'Saw a clinician'],
  ['personsEscalated', 'Visited at home'],
];

const schemes = {
  light: { text: '#33424f', line: '#d5dde4', bar: '#1f6f78', hidden: '#c7d0d8' },
  dark: { text: '#c3ced8', line: '#33414d', bar: '#58b3ba', hidden: '#4a5a68' },
} as const;
type Scheme = keyof typeof schemes;

const size = { width: 720, height: 220 };
const font = '-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif';

/** A picture, as SVG, of how many persons reached each step; a hidden number has a hatched bar that says nothing of its size. */
export async function accessChart(figures: readonly Figure[], scheme: Scheme): Promise<string> {
  const echarts = await import('echarts');
  const colours = schemes[scheme];
  const shown = steps.flatMap(([measure, label]) => {
    const figure = figures.find((candidate) => candidate.measure === measure);
    return figure ? [{ label, figure }] : [];
  });
  const largest = Math.max(1, ...shown.map(({ figure }) => figure.value ?? 0));
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: font, color: colours.text },
    grid: { left: 132, right: 96, top: 8, bottom: 28 },
    xAxis: {
      type: 'value',
      axisLabel: { color: colours.text, fontSize: 12 },
      splitLine: { lineStyle: { color: colours.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.text, fontSize: 13 },
    },
    series: [{ type: 'bar', barWidth: 22, data: shown.map(({ figure }) => barOf(figure, largest, scheme)) }],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function barOf({ value, hidden }: Figure, largest: number, scheme: Scheme) {
  const { bar, hidden: hatched, text } = schemes[scheme];
  const label = { show: true, position: 'right', color: text, fontSize: 13 } as const;
  if (!hidden) return { value: value ?? 0, itemStyle: { color: bar }, label: { ...label, formatter: '{c}' } };
  const decal = { symbol: 'rect', color: bar, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 } as const;
  return { value: largest * 0.08, itemStyle: { color: hatched, decal }, label: { ...label, formatter: 'hidden' } };
}
