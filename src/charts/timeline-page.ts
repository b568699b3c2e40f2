/** Runs in the report's page: agents × time with every task, on a canvas that d3 zooms and pans. */
import type { TimelineData } from './timeline.ts';
import type * as Density from './timeline-density.ts';
import type * as Runs from './timeline-run.ts';

declare const d3: typeof import('d3');
declare const paintDensity: typeof Density.paintDensity;
declare const unpackRun: typeof Runs.unpackRun;

/** An agent is drawn this high at most, pixels, or as high as its lanes need to be told apart. */
const ROW_HEIGHT_MAX = 28;
const LANE_HEIGHT_ENOUGH = 5;
/** What fits on paper, CSS pixels: a canvas does not shrink with the page. */
const PRINT_WIDTH = 680;
const PLOT_HEIGHT_MAX = 480;
const PLOT_HEIGHT_MIN = 140;
/** Below this height of an agent or a lane, pixels; tasks are no longer drawn one by one. */
const AGENT_HEIGHT_MIN = 6;
const LANE_HEIGHT_MIN = 1.5;
/** Zoomed in most, a pixel is a thousandth of a second. */
const SECONDS_PER_PIXEL_MIN = 0.001;
const TOOLTIP_TASKS_MAX = 5;

/** Draws into `container`, which is empty. */
export function drawTimeline(container: HTMLElement, data: TimelineData): void {
  const unpacked = new Map<number, Runs.PageRun>();
  const runAt = (index: number): Runs.PageRun => {
    if (!unpacked.has(index)) unpacked.set(index, unpackRun(data, data.runs[index]));
    return unpacked.get(index)!;
  };
  let run = runAt(0);
  let zoomed = d3.zoomIdentity;
  let firstRow = 0;
  let rows = run.agents.length;
  let margin = { top: 6, right: 14, bottom: 40, left: 110 };
  let width = 0;
  let height = 0;
  let isDrawAsked = false;

  const root = d3.select(container);
  const controls = root.append('div').attr('class', 'timeline-controls');
  const select = controls.append('label').text('policy ').append('select').attr('class', 'timeline-policy');
  for (const { name } of data.runs) select.append('option').text(name);
  for (const [text, title, act] of [
    ['+', 'zoom in', () => canvas.transition().duration(150).call(zoom.scaleBy, 2)],
    ['−', 'zoom out', () => canvas.transition().duration(150).call(zoom.scaleBy, 0.5)],
    ['show all', 'the whole run, all agents', () => showAll()],
  ] as const) {
    controls
      .append('button')
      .attr('type', 'button')
      .attr('title', title)
      .attr('aria-label', title)
      .text(text)
      .on('click', act);
  }
  const extent = controls.append('output').attr('class', 'timeline-extent');
  const frame = root.append('div').attr('class', 'timeline-frame');
  const canvas = frame
    .append('canvas')
    .attr('tabindex', 0)
    .attr('role', 'img')
    .attr('aria-label', 'Tasks on agents over time; arrow keys pan, + and − zoom, 0 shows all');
  const axes = frame.append('svg').attr('class', 'timeline-axes');
  const timeAxis = axes.append('g');
  const agentAxis = axes.append('g');
  const timeTitle = axes.append('text').attr('text-anchor', 'middle');
  const agentTitle = axes.append('text').attr('text-anchor', 'middle').text('agent');
  const tooltip = frame.append('div').attr('class', 'timeline-tooltip').attr('role', 'status');
  const context = canvas.node()!.getContext('2d')!;
  const raster = document.createElement('canvas');
  const colours = data.colours.map((colour) => {
    const { r, g, b } = d3.rgb(colour);
    return [r, g, b] as const;
  });

  const timeScale = () =>
    zoomed.rescaleX(
      d3
        .scaleLinear()
        .domain([0, data.endSeconds / data.unit.seconds])
        .range([0, width]),
    );
  const secondsAt = (x: number) => timeScale().invert(x) * data.unit.seconds;
  const rowHeight = () => height / rows;

  const zoom = d3
    .zoom<HTMLCanvasElement, unknown>()
    // The wheel scrolls the page unless the reader has clicked into the timeline or holds Ctrl.
    .filter((event: MouseEvent) =>
      event.type === 'wheel'
        ? event.ctrlKey || event.metaKey || document.activeElement === canvas.node()
        : event.button === 0 || event.button === undefined,
    )
    .on('zoom', (event: d3.D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      moveRows(event);
      zoomed = event.transform;
      tooltip.style('display', 'none');
      askDraw();
    });

  /** Agents are magnified no further than to rows that read well; time goes on alone from there. */
  function moveRows({ transform, sourceEvent }: d3.D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    const all = run.agents.length;
    const highest = Math.max(ROW_HEIGHT_MAX, LANE_HEIGHT_ENOUGH * (d3.max(run.lanes.laneCount) ?? 1));
    const least = Math.min(all, height / highest);
    const pointerY =
      sourceEvent instanceof MouseEvent ? d3.pointer(sourceEvent, canvas.node())[1] : height / 2;
    const anchor = firstRow + (pointerY / height) * rows;
    if (transform.k === zoomed.k) firstRow -= ((transform.y - zoomed.y) / height) * rows;
    const nextRows = Math.max(least, all / transform.k);
    if (nextRows !== rows) firstRow = anchor - ((anchor - firstRow) / rows) * nextRows;
    rows = nextRows;
    firstRow = Math.min(Math.max(0, firstRow), all - rows);
  }

  function showAll(): void {
    firstRow = 0;
    rows = run.agents.length;
    canvas.call(zoom.transform, d3.zoomIdentity);
  }

  function resize(widthMax = container.clientWidth): void {
    const outer = Math.max(280, Math.min(widthMax, container.clientWidth));
    margin = { ...margin, left: outer < 560 ? 84 : 120 };
    width = outer - margin.left - margin.right;
    height = Math.min(PLOT_HEIGHT_MAX, Math.max(PLOT_HEIGHT_MIN, run.agents.length * ROW_HEIGHT_MAX));
    const ratio = window.devicePixelRatio || 1;
    canvas
      .attr('width', Math.round(width * ratio))
      .attr('height', Math.round(height * ratio))
      .style('width', `${width}px`)
      .style('height', `${height}px`)
      .style('margin', `${margin.top}px ${margin.right}px ${margin.bottom}px ${margin.left}px`);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    raster.width = Math.round(width);
    raster.height = Math.round(height);
    axes.attr('width', outer).attr('height', height + margin.top + margin.bottom);
    zoom
      .extent([
        [0, 0],
        [width, height],
      ])
      .translateExtent([
        [0, Number.NEGATIVE_INFINITY],
        [width, Number.POSITIVE_INFINITY],
      ])
      .scaleExtent([1, Math.max(2, data.endSeconds / (width * SECONDS_PER_PIXEL_MIN))]);
    draw();
  }

  /** Once a frame, however often the wheel turns. */
  function askDraw(): void {
    if (isDrawAsked) return;
    isDrawAsked = true;
    requestAnimationFrame(() => {
      isDrawAsked = false;
      draw();
    });
  }

  function draw(): void {
    context.clearRect(0, 0, width, height);
    if (isDense()) drawDensity();
    else drawTasks();
    drawAxes();
  }

  function isDense(): boolean {
    if (rowHeight() < AGENT_HEIGHT_MIN) return true;
    const seen = run.lanes.laneCount.subarray(Math.floor(firstRow), Math.ceil(firstRow + rows));
    return rowHeight() / Math.max(1, d3.max(seen) ?? 1) < LANE_HEIGHT_MIN;
  }

  function drawDensity(): void {
    const ink = raster.getContext('2d')!;
    const image = ink.createImageData(raster.width, raster.height);
    const window = { startSeconds: secondsAt(0), endSeconds: secondsAt(width), firstRow, rows };
    paintDensity(run, window, raster.width, raster.height, colours, image.data);
    ink.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(raster, 0, 0, width, height);
  }

  function drawTasks(): void {
    const perSecond = width / (secondsAt(width) - secondsAt(0));
    const fromSeconds = secondsAt(0);
    const agentGap = rowHeight() > 10 ? 2 : 1;
    for (let agent = Math.floor(firstRow); agent < Math.min(run.agents.length, firstRow + rows); agent++) {
      const laneCount = run.lanes.laneCount[agent];
      const laneHeight = (rowHeight() - agentGap) / laneCount;
      const top = (agent - firstRow) * rowHeight() + agentGap / 2;
      const laneGap = laneHeight > 4 ? 1 : 0;
      const drawnTo = new Float64Array(laneCount).fill(-1);
      for (let place = run.lanes.first[agent]; place < run.lanes.first[agent + 1]; place++) {
        const task = run.lanes.order[place];
        const lane = run.lanes.lane[task];
        const left = (run.start[task] - fromSeconds) * perSecond;
        const right = Math.max(left + 1, (run.end[task] - fromSeconds) * perSecond);
        // Of tasks that share a pixel of a lane only the first is drawn.
        if (left > width || right < 0 || right <= drawnTo[lane]) continue;
        drawnTo[lane] = Math.ceil(right);
        context.fillStyle = data.colours[run.colour[task]];
        const gap = right - left > 4 ? 1 : 0;
        context.fillRect(
          left,
          top + lane * laneHeight,
          right - left - gap,
          Math.max(1, laneHeight - laneGap),
        );
      }
    }
  }

  function drawAxes(): void {
    const time = timeScale();
    timeAxis
      .attr('transform', `translate(${margin.left},${margin.top + height})`)
      .call(d3.axisBottom(time).ticks(Math.max(2, width / 90)));
    const all = run.agents.length;
    const step = Math.max(1, Math.ceil(13 / rowHeight()));
    const shown = d3
      .range(Math.ceil(firstRow / step) * step, Math.min(all, firstRow + rows), step)
      .filter((agent) => agent + 0.5 >= firstRow && agent + 0.5 <= firstRow + rows);
    const y = d3
      .scaleLinear()
      .domain([firstRow, firstRow + rows])
      .range([0, height]);
    const lettersMax = margin.left < 100 ? 9 : 14;
    agentAxis.attr('transform', `translate(${margin.left},${margin.top})`).call(
      d3
        .axisLeft(y)
        .tickValues(shown.map((agent) => agent + 0.5))
        .tickFormat((middle) => shortened(run.agents[Math.floor(Number(middle))], lettersMax)),
    );
    timeTitle
      .attr('x', margin.left + width / 2)
      .attr('y', margin.top + height + 34)
      .text(`time since the trace’s start (${data.unit.name})`);
    agentTitle.attr('transform', `translate(11,${margin.top + height / 2}) rotate(-90)`);
    const last = Math.min(all, Math.ceil(firstRow + rows));
    extent.text(
      `${formatTime(secondsAt(0), data)} to ${formatTime(secondsAt(width), data)}, agents ${Math.floor(firstRow) + 1} to ${last} of ${all}${isDense() ? '; tasks smaller than pixels: colour of most, paler where idle' : ''}`,
    );
  }

  /** Tasks under the pointer: in its lane if lanes are drawn, else all on the agent at that time. */
  function tasksAt(x: number, y: number): number[] {
    const row = firstRow + y / rowHeight();
    const agent = Math.floor(row);
    if (agent < 0 || agent >= run.agents.length) return [];
    const [from, to] = [secondsAt(x - 1), secondsAt(x + 1)];
    const { lanes } = run;
    const lane = isDense() ? -1 : Math.floor((row - agent) * lanes.laneCount[agent]);
    return Array.from(lanes.order.subarray(lanes.first[agent], lanes.first[agent + 1])).filter(
      (task) => run.start[task] <= to && run.end[task] >= from && (lane < 0 || lanes.lane[task] === lane),
    );
  }

  function showTasks(event: PointerEvent): void {
    const [x, y] = d3.pointer(event, canvas.node());
    const tasks = tasksAt(x, y);
    tooltip.style('display', tasks.length === 0 ? 'none' : 'block');
    if (tasks.length === 0) return;
    const agent = run.agents[Math.floor(firstRow + y / rowHeight())];
    const lines = tasks.slice(0, TOOLTIP_TASKS_MAX).map((task) => {
      const job = run.jobOfTask[task];
      return `job ${run.jobs[job]}, role ${data.roles[run.roleOfJob[job]]}, ${data.states[run.state[task]]}: from ${formatTime(run.start[task], data)} for ${d3.format(',.4~g')(run.duration[task])} s`;
    });
    if (tasks.length > lines.length) lines.push(`and ${tasks.length - lines.length} more`);
    tooltip.text([agent, ...lines].join('\n'));
    const box = tooltip.node()!.getBoundingClientRect();
    const left = Math.min(margin.left + x + 14, margin.left + width + margin.right - box.width);
    tooltip.style('left', `${Math.max(0, left)}px`).style('top', `${margin.top + y + 18}px`);
  }

  function act(event: KeyboardEvent): void {
    const step = 60 / zoomed.k;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => canvas.call(zoom.translateBy, step, 0),
      ArrowRight: () => canvas.call(zoom.translateBy, -step, 0),
      ArrowUp: () => canvas.call(zoom.translateBy, 0, step),
      ArrowDown: () => canvas.call(zoom.translateBy, 0, -step),
      '+': () => canvas.call(zoom.scaleBy, 1.5),
      '-': () => canvas.call(zoom.scaleBy, 1 / 1.5),
      '0': showAll,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  canvas
    .call(zoom)
    .on('pointermove', showTasks)
    .on('pointerleave', () => tooltip.style('display', 'none'))
    .on('keydown', act)
    // d3's drag keeps the browser from moving the focus here.
    .on('pointerdown', () => canvas.node()!.focus({ preventScroll: true }));
  select.on('change', () => {
    const agentsBefore = run.agents;
    run = runAt(select.node()!.selectedIndex);
    if (run.agents !== agentsBefore) showAll();
    resize();
  });
  new ResizeObserver(() => resize()).observe(container);
  window.addEventListener('beforeprint', () => resize(PRINT_WIDTH));
  window.addEventListener('afterprint', () => resize());
}

function formatTime(seconds: number, { unit }: TimelineData): string {
  return `${d3.format(',.5~g')(seconds / unit.seconds)} ${unit.name}`;
}

function shortened(text: string, lettersMax: number): string {
  // The ends of names tell agents apart.
  return text.length <= lettersMax ? text : `…${text.slice(1 - lettersMax)}`;
}
