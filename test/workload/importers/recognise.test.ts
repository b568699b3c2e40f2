import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TraceSource } from '../../../src/files/trace-source.ts';
import { importers, recogniseTrace } from '../../../src/workload/importers/registry.ts';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { jobsOf, lines, TextTrace } from './text-trace.ts';

const GOOGLE_TASK = '600000000,,3418309,0,4155527081,0,ann,3,9,0.5,0.25,0.001,0';
const GOOGLE_INSTANCE = '{"time":"0","type":"0","collection_id":"3","instance_index":"0"}';
const BATCH_TASK_2017 = '10,40,3,11,2,Terminated,1,0.016';
const BATCH_TASK_2018 = 'M1,1,j_1,1,Terminated,100,130,50.0,2';
const PAI_TASK = 'job_a,ps,1.0,Terminated,100.0,160.0,600.0,29.29,,';
const VM = 'vm/1+=,sub,dep,0,300,91.7,0.7,20.7,Unknown,>24,>64';
const PHILLY =
  '[\n    {\n        "status": "Pass",\n        "vc": "ee9e8c",\n        "jobid": "application_1"';
const HELIOS = 'job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,queue';
const SEREN =
  'job_id,user,node_num,gpu_num,cpu_num,type,state,submit_time,start_time,end_time,duration,queue,gpu_time';
const KALOS =
  'job_id,user,node_num,gpu_num,cpu_num,mem_per_pod_GB,shared_mem_per_pod,type,state,submit_time,start_time,end_time,fail_time,stop_time,duration,queue,gpu_time';

/** Files of a trace by name, and the format that they are of. */
const traces: readonly (readonly [what: string, format: string, texts: Readonly<Record<string, string>>])[] =
  [
    [
      'Google 2011, a folder',
      'google-2011',
      {
        'job_events/part-00000-of-00500.csv': '0,,3418309,0,ann,3,name,logical\n',
        'machine_events/part-00000-of-00001.csv': '0,5,0,platform,0.5,0.25\n',
        'task_events/part-00000-of-00500.csv': `${GOOGLE_TASK}\n`,
        'task_usage/part-00000-of-00500.csv': '600000000,900000000,3418309,0,4155527081,0.001\n',
      },
    ],
    ['Google 2011, a part', 'google-2011', { 'part-00000-of-00500.csv': `${GOOGLE_TASK}\n` }],
    [
      'Google 2019, JSON lines',
      'google-2019',
      {
        'collection_events-000000000000.json': '{"time":"0","type":"0","collection_id":"3","user":"ann"}\n',
        'instance_events-000000000000.json': `${GOOGLE_INSTANCE}\n`,
        'machine_events-000000000000.json': '{"time":"0","type":"1","machine_id":"7"}\n',
      },
    ],
    ['Google 2019, one file of JSON lines', 'google-2019', { 'cell_a.json': `${GOOGLE_INSTANCE}\n` }],
    [
      'Google 2019, CSV',
      'google-2019',
      { 'instance_events.csv': 'time,type,collection_id,priority,instance_index\n0,0,3,1,0\n' },
    ],
    [
      'Alibaba 2017',
      'alibaba-2017',
      { 'batch_task.csv': `${BATCH_TASK_2017}\n`, 'server_event.csv': '0,1,add,,64,0.69,0.5\n' },
    ],
    [
      'Alibaba 2018',
      'alibaba-2018',
      { 'batch_task.csv': `${BATCH_TASK_2018}\n`, 'machine_meta.csv': 'm_1,0,3,d1,96,100,USING\n' },
    ],
    ['Alibaba 2018, its tasks alone', 'alibaba-2018', { 'batch_task.csv': `${BATCH_TASK_2018}\n` }],
    [
      'PAI 2020',
      'alibaba-gpu-2020',
      {
        'pai_job_table.csv': 'job_a,inst_a,ann,Terminated,90.0,160.0\n',
        'pai_task_table.csv': `${PAI_TASK}\n`,
      },
    ],
    ['PAI 2020, its tasks alone', 'alibaba-gpu-2020', { 'pai_task_table.csv': `${PAI_TASK}\n` }],
    ['Philly', 'philly', { cluster_job_log: PHILLY }],
    [
      'Philly, a folder',
      'philly',
      { cluster_gpu_util: 'time,machineId\n', cluster_job_log: PHILLY, cluster_machine_list: 'machineId\n' },
    ],
    ['Helios', 'helios', { 'cluster_log.csv': `${HELIOS}\n` }],
    [
      'Helios, a folder',
      'helios',
      { 'Venus/cluster_gpu_number.csv': 'date,vcA,total\n', 'Venus/cluster_log.csv': `${HELIOS}\n` },
    ],
    ['Acme’s Seren', 'acme', { 'trace_seren.csv': `${SEREN}\n` }],
    ['Acme’s Kalos', 'acme', { 'trace_kalos.csv': `${KALOS}\n` }],
    ['Azure', 'azure-vm', { 'vmtable.csv': `${VM}\n` }],
    [
      'Azure, a folder',
      'azure-vm',
      { 'vm_cpu_readings-file-1-of-195.csv': '0,vm1,1.0,2.0,1.5\n', 'vmtable.csv': `${VM}\n` },
    ],
    ['SWF', 'swf', { 'log.swf': '; MaxProcs: 8\n1 0 5 60 4 -1 -1 4 120 -1 1 3 1 1 1 1 -1 -1\n' }],
    ['SWF without a header', 'swf', { log: '1 0 5 60 4 -1 -1 4 120 -1 1 3 1 1 1 1 -1 -1\n' }],
    [
      'openb',
      'openb',
      {
        'openb_node_list_gpu_node.csv': 'sn,cpu_milli,memory_mib,gpu,model\n',
        'openb_pod_list_default.csv':
          'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n',
      },
    ],
    ['SWIM', 'swim', { 'FB-2009.tsv': 'job0\t0\t0\t1024\t0\t0\n' }],
    [
      'DLRM',
      'alibaba-dlrm-2025',
      {
        'disaggregated_DLRM_trace.csv':
          'instance_sn,role,app_name,cpu_request,cpu_limit,gpu_request,gpu_limit,rdma_request,rdma_limit,memory_request,memory_limit,disk_request,disk_limit,max_instance_per_node,creation_time,scheduled_time,deletion_time\n',
      },
    ],
    [
      'Alibaba spot',
      'alibaba-spot-2026',
      {
        'job_info_df.csv':
          'job_name,organization,gpu_model,cpu_request,gpu_request,worker_num,submit_time,duration,job_type\n',
      },
    ],
    [
      'Gavel',
      'gavel',
      { 'seed0.trace': 'ResNet-18 (batch size 32)\tpython3 main.py\t--num_steps\t1\t1000\t0.5\t1\n' },
    ],
    ['Batsim', 'batsim', { 'workload.json': '{"nb_res": 4, "jobs": [], "profiles": {}}' }],
    ['ours by hand', 'mesolab-csv', { 'jobs.csv': 'job,role,submitSeconds,durationSeconds\n' }],
  ];

describe('recognition of formats', () => {
  it.each(traces)('takes %s for %s and nothing else', (_, format, texts) => {
    const probe = new TextTrace(texts);
    const claims = importers.filter((importer) => importer.recognise(probe) > 0);
    expect(claims.map((importer) => importer.format)).toEqual([format]);
  });

  it('is tried here on every format but our own folder, which is of Parquet', () => {
    const tried = new Set(traces.map(([, format]) => format));
    expect(importers.map(({ format }) => format).filter((format) => !tried.has(format))).toEqual(['mesolab']);
  });

  it('reads the head of each file once', () => {
    const trace = new TextTrace(traces[0][2]);
    const heads: string[] = [];
    recogniseTrace({
      files: trace.files,
      displayPath: (file) => file,
      head(file) {
        heads.push(file);
        return trace.head(file);
      },
    });
    expect(heads.sort()).toEqual([...trace.files].sort());
  });

  it.each([
    ['a README', { 'README.md': '# Traces\n' }],
    ['tables of other columns', { 'batch_task.csv': 'a,b,c\n', 'pai_task_table.csv': 'a,b,c\n' }],
    ['numbers', { 'data.csv': '1,2,3,4,5,6,7,8,9,10,11\n' }],
    ['a list of other things', { 'list.json': '[{"name": "x"}]' }],
  ])('takes %s for nothing', (_, texts) => {
    expect(() => recogniseTrace(new TextTrace(texts))).toThrow('not recognised as any known format');
  });
});

describe('a compressed folder', () => {
  it('is recognised and read as if it were not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesolab-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const parts = {
      'machine_events/part-00000-of-00001.csv.gz': '0,5,0,platform,0.5,0.25\n',
      'task_events/part-00000-of-00500.csv.gz': lines(GOOGLE_TASK, GOOGLE_TASK.replace(',0,ann', ',1,ann')),
      'task_events/part-00001-of-00500.csv.gz': lines(
        GOOGLE_TASK.replace('600000000', '601000000').replace(',0,ann', ',4,ann'),
      ),
    };
    for (const [file, text] of Object.entries(parts)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), gzipSync(text));
    }
    const { workload, format } = await loadTrace(new TraceSource(folder));
    expect(format).toBe('google-2011');
    expect(jobsOf(workload)).toEqual(['3418309 ann @0 priority 9: 1× cpus 16 mem 32768 disk 1048.576 1s']);
    expect(workload.cluster?.agentIds).toEqual(['5']);
  });
});
