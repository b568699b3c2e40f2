/** Runs in the report's page: draws each Vega-Lite chart as wide as the page lets it. */

declare const vegaEmbed: typeof import('vega-embed').default;

const WIDTH_MIN = 140;
/** Below this width, pixels, legends have two columns. */
const NARROW = 520;

type PageSpec = Exclude<Parameters<typeof vegaEmbed>[1], string>;

/** @param specs by the `data-chart` of the element to draw into */
export async function drawCharts(specs: Readonly<Record<string, PageSpec>>): Promise<void> {
  for (const element of document.querySelectorAll<HTMLElement>('[data-chart]')) {
    await drawChart(element, specs[element.dataset.chart!]);
  }
}

async function drawChart(element: HTMLElement, spec: PageSpec): Promise<void> {
  const { view } = await vegaEmbed(element, element.clientWidth < NARROW ? withNarrowLegend(spec) : spec, {
    renderer: 'svg',
    // The editor is on the network.
    actions: { export: true, source: false, compiled: false, editor: false },
  });
  // Panels side by side keep the width that they were given.
  if ('hconcat' in spec) return;
  const widthSignal = 'facet' in spec ? 'child_width' : 'width';
  const fillWidth = () => {
    const svg = element.querySelector('svg');
    // A hidden page has no width to fit to.
    if (!svg || element.clientWidth === 0) return;
    const spare = element.clientWidth - Number(svg.getAttribute('width'));
    if (Math.abs(spare) < 2) return;
    const width = Math.max(WIDTH_MIN, view.signal(widthSignal) + spare);
    if (width !== view.signal(widthSignal)) void view.signal(widthSignal, width).resize().runAsync();
  };
  fillWidth();
  new ResizeObserver(fillWidth).observe(element);
}

function withNarrowLegend(spec: PageSpec): PageSpec {
  const { config = {} } = spec;
  return { ...spec, config: { ...config, legend: { ...config.legend, columns: 2 } } } as PageSpec;
}
