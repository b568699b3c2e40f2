/** Runs in the report's page: where tasks are smaller than pixels, what share of each pixel is busy, and mostly with what. */
import type { Lanes } from './timeline-lanes.ts';

export interface DensityTasks {
  readonly start: Float32Array;
  readonly end: Float32Array;
  /** By task: number of its colour. */
  readonly colour: Uint8Array;
  readonly lanes: Lanes;
}

/** The part of agents and time that is on the screen; agents in rows, possibly cut. */
export interface TimelineWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** The least opacity of a pixel in which anything ran at all, of 255: rare short tasks stay visible. */
const OPACITY_MIN = 40;

/**
 * Fills `pixels` (RGBA) with the colour that takes most of each pixel, as opaque as the pixel's agents are busy.
 * @param colours red, green and blue by number
 */
export function paintDensity(
  tasks: DensityTasks,
  { startSeconds, endSeconds, firstRow, rows }: TimelineWindow,
  width: number,
  height: number,
  colours: readonly (readonly [number, number, number])[],
  pixels: Uint8ClampedArray,
): void {
  const { start, end, colour, lanes } = tasks;
  const kinds = colours.length;
  const busy = new Float32Array(width * height * kinds);
  const perSecond = width / (endSeconds - startSeconds);
  const rowHeight = height / rows;
  const lastAgent = Math.min(lanes.laneCount.length, Math.ceil(firstRow + rows));
  for (let i = Math.max(0, Math.floor(firstRow)); i < lastAgent; i++) {
    const top = (i - firstRow) * rowHeight;
    // An agent lower than a pixel adds its part to the pixel that its middle is in.
    const isThin = rowHeight < 1;
    const yFrom = isThin ? Math.floor(top + rowHeight / 2) : Math.ceil(top - 0.5);
    const yTo = isThin ? yFrom + 1 : Math.ceil(top + rowHeight - 0.5);
    const weight = Math.min(1, rowHeight) / lanes.laneCount[i];
    for (let place = lanes.first[i]; place < lanes.first[i + 1]; place++) {
      const task = lanes.order[place];
      const left = Math.max(0, (start[task] - startSeconds) * perSecond);
      const right = Math.min(width, (end[task] - startSeconds) * perSecond);
      for (let x = Math.floor(left); x < right; x++) {
        const part = (Math.min(right, x + 1) - Math.max(left, x)) * weight;
        for (let y = Math.max(0, yFrom); y < yTo && y < height; y++)
          busy[(y * width + x) * kinds + colour[task]] += part;
      }
    }
  }
  paintLargest(busy, kinds, colours, pixels);
}

function paintLargest(
  busy: Float32Array,
  kinds: number,
  colours: readonly (readonly [number, number, number])[],
  pixels: Uint8ClampedArray,
): void {
  for (let pixel = 0; pixel < pixels.length / 4; pixel++) {
    let total = 0;
    let largest = 0;
    const base = pixel * kinds;
    for (let kind = 0; kind < kinds; kind++) {
      total += busy[base + kind];
      if (busy[base + kind] > busy[base + largest]) largest = kind;
    }
    if (total === 0) continue;
    pixels.set(colours[largest], 4 * pixel);
    pixels[4 * pixel + 3] = Math.max(OPACITY_MIN, 255 * Math.min(1, total));
  }
}
