/** The presets of the generator. */
import { alibabaGpuModel } from './alibaba-gpu-model.ts';
import { demoModel } from './demo-model.ts';
import { facebook2010Model } from './facebook-2010-model.ts';
import { google2011Model } from './google-2011-model.ts';
import type { WorkloadModel } from './model.ts';

export const workloadModels: readonly WorkloadModel[] = [
  demoModel,
  google2011Model,
  facebook2010Model,
  alibabaGpuModel,
];
