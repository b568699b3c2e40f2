/** What `mesolab trace list` prints. */
import catalogue from '../../../traces/catalogue.json' with { type: 'json' };
import { workloadModels } from '../../workload/generate/models.ts';
import { textTable } from '../text-table.ts';

const BUNDLED = [{ path: 'traces/demo', what: 'the preset demo with seed 1', format: 'mesolab' }];
const WRAP_COLUMNS = 100;

export interface TraceList {
  readonly bundled: typeof BUNDLED;
  readonly presets: readonly {
    readonly name: string;
    readonly title: string;
    readonly source: string;
    readonly shapedOn: readonly string[];
    readonly roles: number;
    readonly defaults: Readonly<Record<string, number>>;
  }[];
  readonly public: typeof catalogue;
}

export function traceList(): TraceList {
  const presets = workloadModels.map(({ name, title, source, shapedOn, roles, defaults }) => ({
    name,
    title,
    source,
    shapedOn,
    roles: roles.length,
    defaults: { ...defaults },
  }));
  return { bundled: BUNDLED, presets, public: catalogue };
}

export function traceListText(): string {
  const list = traceList();
  const presets = list.presets.map(({ name, title, source, shapedOn, roles, defaults }) => [
    name,
    [
      ...wrap(title),
      ...wrap(`after ${source}`),
      ...shapedOn.flatMap((statistic) => wrap(`• ${statistic}`, '  ')),
      `default: ${defaults.tasks} tasks, ${defaults.agents} agents, load ${defaults.load}, ${roles} roles`,
    ].join('\n'),
  ]);
  const publicTraces = list.public.map(({ name, format, what, years, size, licence, where }) => [
    format,
    `${name}: ${what}\n${years}; ${size}; licence: ${licence}\n${where}`,
  ]);
  return [
    'Bundled\n',
    textTable(
      ['path', 'what'],
      list.bundled.map(({ path, what }) => [path, what]),
      'left',
    ),
    '\n\nPresets (mesolab trace generate PRESET --out DIR)\n',
    textTable(['preset', 'what'], presets, 'left'),
    '\n\nPublic traces (fetch them where it says; mesolab recognises the format)\n',
    textTable(['format', 'what, when, how large, and where to get it'], publicTraces, 'left'),
    '\n',
  ].join('');
}

/** Lines of a text broken at blanks. @param indent before the second and further lines */
function wrap(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WRAP_COLUMNS) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
