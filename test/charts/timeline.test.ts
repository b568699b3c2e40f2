/** The timeline's data and the plain parts of its drawing; `report-page.test.ts` uses it in a browser. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineData } from '../../src/charts/timeline.ts';
import { paintDensity } from '../../src/charts/timeline-density.ts';
import { assignLanes } from '../../src/charts/timeline-lanes.ts';
import { sampleRuns } from './sample-runs.ts';

describe('packed tasks', () => {
  it('are those of the run', () => {
    const [run] = sampleRuns({ policies: ['drf'] });
    const data = timelineData([run]);
    const start = new Float32Array(bytesOf(data.columns[data.runs[0].startFloat32]));
    const agent = new Uint16Array(bytesOf(data.columns[data.runs[0].agentUint16]));
    expect(start).toEqual(Float32Array.from(run.tables.tasks.startSeconds));
    expect(Array.from(agent)).toEqual(Array.from(run.tables.tasks.agent));
  });

  it('share jobs and durations between policies', () => {
    const data = timelineData(sampleRuns());
    expect(data.workloads).toHaveLength(1);
    expect(new Set(data.runs.map(({ durationFloat32 }) => durationFloat32)).size).toBe(1);
  });

  it('run to the end of a partial run where they have not ended', () => {
    const [run] = sampleRuns({ policies: ['fifo'], untilSeconds: 30 });
    const data = timelineData([run]);
    const start = new Float32Array(bytesOf(data.columns[data.runs[0].startFloat32]));
    const duration = new Float32Array(bytesOf(data.columns[data.runs[0].durationFloat32]));
    run.tables.tasks.state.forEach((state, task) => {
      if (state === 'running') expect(start[task] + duration[task]).toBeCloseTo(data.endSeconds);
      if (state === 'waiting') expect(start[task]).toBeNaN();
    });
  });
});

describe('lanes', () => {
  it('hold one task at a time, and are no more than tasks at once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }), fc.nat(2))), (rows) => {
        const start = Float32Array.from(rows, ([at]) => at);
        const end = Float32Array.from(rows, ([at, length]) => at + length);
        const agent = Uint16Array.from(rows, ([, , on]) => on);
        const { lane, laneCount } = assignLanes(start, end, agent, 3);
        rows.forEach((_, a) => {
          const meets = (b: number) => agent[a] === agent[b] && start[a] < end[b] && start[b] < end[a];
          rows.forEach((_, b) => {
            if (a !== b && meets(b)) expect(lane[a]).not.toBe(lane[b]);
          });
        });
        for (let on = 0; on < 3; on++) {
          const own = rows.map((_, task) => task).filter((task) => agent[task] === on);
          const most = Math.max(
            1,
            ...own.map((a) => own.filter((b) => start[b] <= start[a] && start[a] < end[b]).length),
          );
          expect(laneCount[on]).toBe(most);
        }
      }),
    );
  });

  it('are one for tasks that follow each other at once, late in a long run too', () => {
    for (const day of [0, 1, 30, 300]) {
      const exact = Float64Array.from({ length: 500 }, (_, i) => day * 86_400 + i * 12.345_678);
      const start = Float32Array.from(exact);
      const end = start.map((seconds) => seconds + Math.fround(12.345_678));
      expect(assignLanes(start, end, new Uint16Array(500), 1).laneCount[0], `day ${day}`).toBe(1);
    }
  });
});

describe('density', () => {
  it('shows the colour that takes most of a pixel, as opaque as it is busy', () => {
    const start = Float32Array.of(0, 5);
    const end = Float32Array.of(5, 8);
    const lanes = assignLanes(start, end, Uint16Array.of(0, 0), 1);
    const pixels = new Uint8ClampedArray(4 * 2);
    paintDensity(
      { start, end, colour: Uint8Array.of(0, 1), lanes },
      { startSeconds: 0, endSeconds: 20, firstRow: 0, rows: 1 },
      2,
      1,
      [
        [255, 0, 0],
        [0, 0, 255],
      ],
      pixels,
    );
    expect(Array.from(pixels)).toEqual([255, 0, 0, 204, 0, 0, 0, 0]);
  });
});

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(base64, 'base64')).buffer;
}
