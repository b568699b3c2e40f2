/** All importers, and which of them reads a given trace. */
import { closest } from 'fastest-levenshtein';
import { InputError } from '../../cluster/errors.ts';
import { acme } from './acme.ts';
import { alibaba2017 } from './alibaba-2017.ts';
import { alibaba2018 } from './alibaba-2018.ts';
import { alibabaDlrm2025 } from './alibaba-dlrm-2025.ts';
import { alibabaGpu2020 } from './alibaba-gpu-2020.ts';
import { alibabaSpot2026 } from './alibaba-spot-2026.ts';
import { azureVm } from './azure-vm.ts';
import { batsim } from './batsim.ts';
import { gavel } from './gavel.ts';
import { google2011 } from './google-2011.ts';
import { google2019 } from './google-2019.ts';
import { helios } from './helios.ts';
import type { TraceImporter, TraceProbe } from './importer.ts';
import { mesolab } from './mesolab.ts';
import { mesolabCsv } from './mesolab-csv.ts';
import { openb } from './openb.ts';
import { philly } from './philly.ts';
import { swf } from './swf.ts';
import { swim } from './swim.ts';

export const importers: readonly TraceImporter[] = [
  mesolab,
  mesolabCsv,
  swf,
  openb,
  acme,
  alibaba2017,
  alibaba2018,
  alibabaGpu2020,
  azureVm,
  google2011,
  google2019,
  helios,
  philly,
  swim,
  alibabaDlrm2025,
  alibabaSpot2026,
  gavel,
  batsim,
];

/** @throws InputError FORMAT_UNKNOWN */
export function importerOf(format: string): TraceImporter {
  const importer = importers.find((candidate) => candidate.format === format);
  if (importer) return importer;
  const names = importers.map((candidate) => candidate.format);
  throw new InputError(
    'FORMAT_UNKNOWN',
    `there is no format "${format}"; did you mean "${closest(format, names)}"? Known are ${names.join(', ')}`,
  );
}

/** The importer that is surest of the input; of equally sure ones the first. @throws InputError FORMAT_UNKNOWN */
export function recogniseTrace(probe: TraceProbe & { displayPath(file: string): string }): TraceImporter {
  let best: TraceImporter | null = null;
  let bestScore = 0;
  const files = withKeptHeads(probe);
  for (const importer of importers) {
    const score = importer.recognise(files);
    if (score > bestScore) {
      best = importer;
      bestScore = score;
    }
  }
  if (best) return best;
  const count = probe.files.length;
  const names = importers.map((candidate) => candidate.format);
  throw new InputError(
    'FORMAT_UNKNOWN',
    `${count === 1 ? 'is' : `and ${count - 1} files beside it are`} not recognised as any known format; name it with --format, one of ${names.join(', ')}`,
    { file: probe.displayPath(probe.files[0]) },
  );
}

/** Each head is read once, however many importers look at it: traces of a thousand files are common. */
function withKeptHeads(probe: TraceProbe): TraceProbe {
  const heads = new Map<string, string>();
  return {
    files: probe.files,
    head(file) {
      let head = heads.get(file);
      if (head === undefined) {
        head = probe.head(file);
        heads.set(file, head);
      }
      return head;
    },
  };
}
