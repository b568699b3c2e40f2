/** mesos-framework (npm): see README.md. */
const { Scheduler, Mesos } = require('mesos-framework');

const { CommandInfo } = Mesos.getMesos();
const [host, port] = process.argv[2].split(':');
const tell = (seen) => console.log(JSON.stringify(seen));
const resources = { cpus: 0.1, mem: 32, ports: 1, disk: 0 };
const command = (text) => new CommandInfo(null, null, true, text, null, null);
const states = {};

const scheduler = new Scheduler({
  masterUrl: host,
  port,
  frameworkName: 'mesos-framework',
  frameworkFailoverTimeout: 1,
  logging: { level: 'error', path: process.env.TMPDIR ?? '/tmp', fileName: 'mesos-framework.log' },
  restartStates: [],
  tasks: {
    finish: { priority: 1, instances: 1, commandInfo: command('echo hello'), resources },
    sleep: { priority: 2, instances: 1, commandInfo: command('sleep 1000'), resources },
  },
});

scheduler.on('subscribed', ({ frameworkId }) => tell({ saw: 'SUBSCRIBED', framework: frameworkId }));
scheduler.on('error', (error) => console.error(error));
scheduler.on('update', ({ status }) => {
  const { task_id, agent_id, state, reason = null } = status;
  const task = task_id.value.includes('finish') ? 'finish' : 'sleep';
  tell({ saw: state, task, reason });
  if (reason === 'REASON_RECONCILIATION') {
    scheduler.kill(task_id.value, agent_id.value);
    return;
  }
  states[task] = state;
  if (task === 'sleep') states.sleepIds = [task_id.value, agent_id.value];
  if (states.finish === 'TASK_FINISHED' && states.sleep === 'TASK_RUNNING')
    scheduler.reconcile(...states.sleepIds);
  if (states.sleep === 'TASK_KILLED') {
    scheduler.once('sent_teardown', () => {
      tell({ saw: 'END' });
      process.exit(0);
    });
    scheduler.teardown();
  }
});
scheduler.on('ready', () => scheduler.subscribe());
setTimeout(() => process.exit(1), 60_000);
