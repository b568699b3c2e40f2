/** Runs in the report's page: a timeline of agents and their tasks that zooms, with d3 on a canvas. */
import type { TimelineData } from './timeline-data.ts';

declare const d3: typeof import('d3');

const MARGIN = { top: 8, right: 12, bottom: 34, left: 64 };
const HEIGHT = 460;
const ZOOM_MAX = 5000;

/** Draws into `container`; colours by role number. */
export function drawTimeline(container: HTMLElement, data: TimelineData, colours: readonly string[]): void {
  const runs = data.runs.map((run) => ({
    policy: run.policy,
    start: new Float32Array(bytesOf(run.start)),
    duration: new Float32Array(bytesOf(run.duration)),
    agent: new Uint16Array(bytesOf(run.agent)),
    role: new Uint8Array(bytesOf(run.role)),
  }));
  let run = runs[0];
  let transform = d3.zoomIdentity;
  const root = d3.select(container);
  const select = root.append('label').text('policy ').append('select').attr('class', 'timeline-policy');
  for (const { policy } of runs) select.append('option').text(policy);
  root
    .append('button')
    .attr('type', 'button')
    .text('show all')
    .on('click', () => canvas.call(zoom.transform, d3.zoomIdentity));
  const frame = root.append('div').attr('class', 'timeline-frame');
  const canvas = frame.append('canvas');
  const tooltip = frame.append('div').attr('class', 'timeline-tooltip').attr('hidden', '');
  const zoom = d3.zoom<HTMLCanvasElement, unknown>().scaleExtent([1, ZOOM_MAX]);

  const x = d3.scaleLinear().domain([0, data.spanSeconds]);
  const y = d3.scaleLinear().domain([0, data.agents.length]);
  const context = canvas.node()!.getContext('2d')!;

  function resize(): void {
    const width = Math.max(320, container.clientWidth);
    const ratio = window.devicePixelRatio || 1;
    canvas
      .attr('width', width * ratio)
      .attr('height', HEIGHT * ratio)
      .style('width', `${width}px`)
      .style('height', `${HEIGHT}px`);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    x.range([MARGIN.left, width - MARGIN.right]);
    y.range([MARGIN.top, HEIGHT - MARGIN.bottom]);
    const extent: [[number, number], [number, number]] = [
      [MARGIN.left, MARGIN.top],
      [width - MARGIN.right, HEIGHT - MARGIN.bottom],
    ];
    zoom.extent(extent).translateExtent(extent);
    draw();
  }

  function draw(): void {
    const time = transform.rescaleX(x);
    const rows = transform.rescaleY(y);
    const [left, right] = x.range();
    const [top, bottom] = y.range();
    context.clearRect(0, 0, right + MARGIN.right, HEIGHT);
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    const pixelsPerSecond = time(1) - time(0);
    const rowHeight = rows(1) - rows(0);
    const barHeight = rowHeight > 4 ? rowHeight - 1 : Math.max(1, rowHeight);
    // Where several tasks share a pixel, what shows through tells how full it is.
    context.globalAlpha = rowHeight < 1 ? Math.max(0.25, rowHeight) : 0.9;
    let role = -1;
    for (let i = 0; i < run.start.length; i++) {
      const barTop = rows(run.agent[i]);
      if (barTop > bottom || barTop + barHeight < top) continue;
      const barLeft = time(run.start[i]);
      if (barLeft > right) continue;
      const barWidth = Math.max(0.6, run.duration[i] * pixelsPerSecond);
      if (barLeft + barWidth < left) continue;
      if (run.role[i] !== role) {
        role = run.role[i];
        context.fillStyle = colours[role % colours.length];
      }
      context.fillRect(barLeft, barTop, barWidth, barHeight);
    }
    context.restore();
    drawAxes(time, rows);
  }

  function drawAxes(time: d3.ScaleLinear<number, number>, rows: d3.ScaleLinear<number, number>): void {
    const [left, right] = x.range();
    const [top, bottom] = y.range();
    const colour = getComputedStyle(container).color;
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.globalAlpha = 1;
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'center';
    const unit = data.spanSeconds > 259_200 ? 86_400 : data.spanSeconds > 10_800 ? 3600 : 1;
    const unitName = unit === 86_400 ? 'days' : unit === 3600 ? 'hours' : 'seconds';
    const absolute = time
      .copy()
      .domain(time.domain().map((seconds) => (seconds + data.originSeconds) / unit));
    for (const tick of absolute.ticks(8)) {
      context.fillRect(absolute(tick), bottom, 1, 4);
      context.fillText(absolute.tickFormat(8)(tick), absolute(tick), bottom + 15);
    }
    context.fillText(`time since the trace’s start (${unitName})`, (left + right) / 2, bottom + 30);
    context.textAlign = 'right';
    for (const tick of rows.ticks(8)) {
      if (!Number.isInteger(tick) || tick >= data.agents.length) continue;
      context.fillRect(left - 4, rows(tick), 4, 1);
      context.fillText(data.agents[tick].slice(0, 9), left - 6, rows(tick) + 4);
    }
    context.strokeRect(left, top, right - left, bottom - top);
  }

  function showTask(event: MouseEvent): void {
    const [px, py] = d3.pointer(event, canvas.node()!);
    const seconds = transform.rescaleX(x).invert(px);
    const agent = Math.floor(transform.rescaleY(y).invert(py));
    const slack = transform.rescaleX(x).invert(px + 1) - seconds;
    let found = -1;
    for (let i = 0; i < run.start.length && found < 0; i++) {
      if (run.agent[i] !== agent) continue;
      if (run.start[i] <= seconds + slack && seconds - slack <= run.start[i] + run.duration[i]) found = i;
    }
    if (found < 0) {
      tooltip.attr('hidden', '');
      return;
    }
    const start = run.start[found] + data.originSeconds;
    tooltip
      .attr('hidden', null)
      .style('left', `${Math.min(px + 12, x.range()[1] - 180)}px`)
      .style('top', `${py + 12}px`)
      .text(
        `${data.roles[run.role[found]]} on ${data.agents[agent]}: from ${start.toFixed(1)} s for ${run.duration[found].toFixed(1)} s`,
      );
  }

  zoom.on('zoom', (event: { transform: d3.ZoomTransform }) => {
    transform = event.transform;
    draw();
  });
  canvas
    .call(zoom)
    .on('mousemove', showTask)
    .on('mouseleave', () => tooltip.attr('hidden', ''));
  select.on('change', () => {
    run = runs[(select.node() as HTMLSelectElement).selectedIndex];
    draw();
  });
  window.addEventListener('resize', resize);
  resize();
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
