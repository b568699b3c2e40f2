/** What `mesolab trace list` prints. */
import catalogue from '../../traces/catalogue.json' with { type: 'json' };
import { workloadModels } from '../workload/generate/models.ts';
import { textTable } from './text-table.ts';

export function traceListText(): string {
  const presets = workloadModels.map(({ name, title, source }) => [name, `${title}\nafter ${source}`]);
  const publicTraces = catalogue.map(({ name, format, what, years, size, licence, where }) => [
    format,
    `${name}: ${what}\n${years}; ${size}; licence: ${licence}\n${where}`,
  ]);
  return [
    'Bundled\n',
    textTable(['path', 'what'], [['traces/demo', 'the preset demo with seed 1']], 'left'),
    '\n\nPresets (mesolab trace generate PRESET --out DIR)\n',
    textTable(['preset', 'what'], presets, 'left'),
    '\n\nPublic traces\n',
    textTable(['format', 'what, when, how large, and where to get it'], publicTraces, 'left'),
    '\n',
  ].join('');
}
