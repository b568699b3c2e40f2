"""pymesos (PyPI): see README.md."""
import json
import sys
import threading
import uuid

from addict import Dict
from pymesos import MesosSchedulerDriver, Scheduler

FINISH, SLEEP = 'finish-' + str(uuid.uuid4()), 'sleep-' + str(uuid.uuid4())


def tell(**seen):
    print(json.dumps(seen), flush=True)


class Client(Scheduler):
    def __init__(self):
        self.is_launched = False
        self.states = {}
        self.done = threading.Event()

    def registered(self, driver, framework_id, master_info):
        tell(saw='SUBSCRIBED', framework=framework_id['value'])

    def resourceOffers(self, driver, offers):
        for offer in offers:
            if self.is_launched:
                driver.declineOffer(offer['id'])
                continue
            self.is_launched = True
            driver.launchTasks(offer['id'], [self.task(offer, FINISH, 'echo hello'), self.task(offer, SLEEP, 'sleep 1000')])

    def task(self, offer, task_id, command):
        task = Dict()
        task.task_id.value = task_id
        task.agent_id.value = offer['agent_id']['value']
        task.name = task_id
        task.command.value = command
        task.resources = [
            dict(name='cpus', type='SCALAR', scalar={'value': 0.1}),
            dict(name='mem', type='SCALAR', scalar={'value': 32}),
        ]
        return task

    def statusUpdate(self, driver, update):
        task_id, state = update['task_id']['value'], update['state']
        reason = update.get('reason')
        tell(saw=state, task=task_id.split('-')[0], reason=reason)
        if reason == 'REASON_RECONCILIATION':
            driver.killTask(update['task_id'])
            return
        self.states[task_id] = state
        if self.states.get(FINISH) == 'TASK_FINISHED' and self.states.get(SLEEP) == 'TASK_RUNNING':
            driver.reconcileTasks([dict(task_id={'value': SLEEP}, agent_id=update['agent_id'])])
        if self.states.get(SLEEP) == 'TASK_KILLED':
            self.done.set()


client = Client()
driver = MesosSchedulerDriver(client, dict(user='root', name='pymesos'), sys.argv[1])
driver.start()
is_done = client.done.wait(60)
driver.stop()
driver.join()
tell(saw='END')
sys.exit(0 if is_done else 1)
