import { describe, expect, it } from 'vitest';
import { DrivenMaster, task } from './driven-master.ts';

describe('§16 metrics', () => {
  it('tell resources, agents, tasks, calls and the allocator, under the names that tools read', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem:4096');
    const framework = driven.subscribe({ name: 'a b', role: 'ads' });
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('a', offer), task('b', offer), task('c', offer, 'cpus:100'));
    agent.update(framework, 'a', 'TASK_RUNNING');
    agent.update(framework, 'b', 'TASK_FINISHED');
    const response = driven.operate({ type: 'GET_METRICS', get_metrics: {} })!.response!;
    const values = new Map(response.get_metrics!.metrics!.map(({ name, value }) => [name, value]));
    const own = `master/frameworks/a%20b/${framework.id}`;
    expect(
      Object.fromEntries(
        [
          'master/elected',
          'master/cpus_total',
          'master/cpus_used',
          'master/cpus_percent',
          'master/cpus_revocable_total',
          'master/slaves_active',
          'master/slaves_unreachable',
          'master/frameworks_active',
          'master/outstanding_offers',
          'master/tasks_running',
          'master/tasks_staging',
          'master/tasks_finished',
          'master/tasks_lost',
          'master/task_error/source_master/reason_task_invalid',
          'master/messages_status_update',
          `${own}/subscribed`,
          `${own}/calls`,
          `${own}/calls/accept`,
          `${own}/events/update`,
          `${own}/offers/accepted`,
          `${own}/operations/launch`,
          `${own}/tasks/active/task_running`,
          `${own}/tasks/terminal/task_finished`,
          `${own}/roles/ads/suppressed`,
          'allocator/mesos/resources/cpus/total',
          'allocator/mesos/resources/cpus/offered_or_allocated',
          'allocator/mesos/roles/ads/shares/dominant',
          'allocator/mesos/offer_filters/roles/ads/active',
        ].map((name) => [name.replace(own, 'own'), values.get(name)]),
      ),
    ).toEqual({
      'master/elected': 1,
      'master/cpus_total': 4,
      'master/cpus_used': 1,
      'master/cpus_percent': 0.25,
      'master/cpus_revocable_total': 0,
      'master/slaves_active': 1,
      'master/slaves_unreachable': 0,
      'master/frameworks_active': 1,
      'master/outstanding_offers': 0,
      'master/tasks_running': 1,
      'master/tasks_staging': 0,
      'master/tasks_finished': 1,
      'master/tasks_lost': 0,
      'master/task_error/source_master/reason_task_invalid': 1,
      'master/messages_status_update': 2,
      'own/subscribed': 1,
      'own/calls': 2,
      'own/calls/accept': 1,
      'own/events/update': 3,
      'own/offers/accepted': 1,
      'own/operations/launch': 1,
      'own/tasks/active/task_running': 1,
      'own/tasks/terminal/task_finished': 1,
      'own/roles/ads/suppressed': 0,
      'allocator/mesos/resources/cpus/total': 4,
      'allocator/mesos/resources/cpus/offered_or_allocated': 1,
      'allocator/mesos/roles/ads/shares/dominant': 0.25,
      'allocator/mesos/offer_filters/roles/ads/active': 1,
    });
  });
});
