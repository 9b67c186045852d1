/** Draws a chart as SVG; colours come from the style sheet, so that it follows light and dark. */
import { html, type Html } from '../shell/html.ts';
import type { XyChart } from './xychart.ts';

const WIDTH = 720;
const HEIGHT = 340;
const PLOT = { left: 64, right: 16, top: 44, bottom: 46 };
const MAX_LABELS = 16;
/** So many series have a colour of their own. */
const COLOURS = 6;

export function drawXyChart(chart: XyChart): Html {
  const plotWidth = WIDTH - PLOT.left - PLOT.right;
  const plotHeight = HEIGHT - PLOT.top - PLOT.bottom;
  const step = plotWidth / chart.categories.length;
  const x = (index: number) => round(PLOT.left + step * (index + 0.5));
  const y = (value: number) => {
    const share = (value - chart.yMin) / (chart.yMax - chart.yMin);
    return round(PLOT.top + plotHeight * (1 - Math.min(1, Math.max(0, share))));
  };
  const title = chart.title ?? 'Chart';
  return html`<svg class="xychart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    ${chart.title && html`<text class="chart-title" x="${WIDTH / 2}" y="22">${chart.title}</text>`}
    ${yAxis(chart, y)}${xAxis(chart, x)}
    ${chart.series.map((series, index) => {
      const values = series.values.slice(0, chart.categories.length);
      const colour = `series-${colourOf(chart, index) % COLOURS}`;
      if (series.kind === 'line') {
        const points = values.map((value, at) => `${x(at)},${y(value)}`).join(' ');
        return html`<polyline class="line ${colour}" points="${points}" />`;
      }
      // Bars of several series stand on top of one another, as mermaid draws them.
      return values.map((value, at) => {
        const height = round(HEIGHT - PLOT.bottom - y(value));
        return html`<rect
          class="bar ${colour}"
          x="${round(x(at) - step * 0.35)}"
          y="${y(value)}"
          width="${round(step * 0.7)}"
          height="${height}"
        />`;
      });
    })}
  </svg>`;
}

/** The place in the palette where the series' own colour stands first. */
function colourOf({ palette }: XyChart, index: number): number {
  const own = palette?.[index];
  return own === undefined ? index : (palette?.indexOf(own) ?? index);
}

function yAxis(chart: XyChart, y: (value: number) => number): Html {
  const middle = PLOT.top + (HEIGHT - PLOT.top - PLOT.bottom) / 2;
  return html`${ticks(chart.yMin, chart.yMax).map(
    (tick) =>
      html`<line class="grid" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${y(tick)}" y2="${y(tick)}" />
        <text class="y-label" x="${PLOT.left - 8}" y="${y(tick) + 4}">${tick}</text>`,
  )}${
    chart.yTitle &&
    html`<text class="axis-title" transform="rotate(-90 14 ${middle})" x="14" y="${middle}"
      >${chart.yTitle}</text
    >`
  }`;
}

function xAxis(chart: XyChart, x: (index: number) => number): Html {
  const every = Math.ceil(chart.categories.length / MAX_LABELS);
  const bottom = HEIGHT - PLOT.bottom;
  return html`<line class="axis" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${bottom}" y2="${bottom}" />
    ${chart.categories.map(
      (category, index) =>
        // Counted from the right, so that the newest always has its name.
        (chart.categories.length - 1 - index) % every === 0 &&
        html`<text class="x-label" x="${x(index)}" y="${bottom + 18}">${shorten(category)}</text>`,
    )}
    ${chart.xTitle && html`<text class="axis-title" x="${WIDTH / 2}" y="${HEIGHT - 8}">${chart.xTitle}</text>`}`;
}

/** Four to eight round numbers between the two ends. */
function ticks(min: number, max: number): number[] {
  const raw = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const size = ([1, 2, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const first = Math.ceil(min / size);
  const last = Math.floor(max / size + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(size)));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * size).toFixed(Math.min(digits, 20))),
  );
}

function shorten(text: string): string {
  return text.length > 10 ? `${text.slice(0, 9)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
