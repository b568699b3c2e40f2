"""avmesos (PyPI), near-twin of mesoshttp: see README.md. The package to use is the second argument."""
import importlib
import json
import sys
import threading
import uuid

MesosClient = importlib.import_module(sys.argv[2] + '.client').MesosClient

FINISH, SLEEP = 'finish-' + str(uuid.uuid4()), 'sleep-' + str(uuid.uuid4())
states = {}
done = threading.Event()
is_launched = False
driver = None


def tell(**seen):
    print(json.dumps(seen), flush=True)


def task(task_id, command):
    return {
        'name': task_id,
        'task_id': {'value': task_id},
        'agent_id': None,
        'command': {'shell': True, 'value': command},
        'resources': [
            {'name': 'cpus', 'type': 'SCALAR', 'scalar': {'value': 0.1}},
            {'name': 'mem', 'type': 'SCALAR', 'scalar': {'value': 32}},
        ],
    }


def subscribed(given):
    global driver
    driver = given
    tell(saw='SUBSCRIBED', framework=driver.frameworkId)


def offered(offers):
    global is_launched
    for offer in offers:
        if is_launched:
            offer.decline()
            continue
        is_launched = True
        tasks = [task(FINISH, 'echo hello'), task(SLEEP, 'sleep 1000')]
        for one in tasks:
            one['agent_id'] = offer.get_offer()['agent_id']
        offer.accept(tasks)


def updated(update):
    status = update['status']
    task_id, state, reason = status['task_id']['value'], status['state'], status.get('reason')
    tell(saw=state, task=task_id.split('-')[0], reason=reason)
    agent_id = status['agent_id']['value']
    if reason == 'REASON_RECONCILIATION':
        driver.kill(agent_id, task_id)
        return
    states[task_id] = state
    if states.get(FINISH) == 'TASK_FINISHED' and states.get(SLEEP) == 'TASK_RUNNING':
        driver.reconcile([{'task_id': {'value': SLEEP}, 'agent_id': {'value': agent_id}}])
    if states.get(SLEEP) == 'TASK_KILLED':
        done.set()


client = MesosClient(mesos_urls=['http://' + sys.argv[1]], frameworkName=sys.argv[2], frameworkUser='root')
client.on(MesosClient.SUBSCRIBED, subscribed)
client.on(MesosClient.OFFERS, offered)
client.on(MesosClient.UPDATE, updated)
thread = threading.Thread(target=client.register, daemon=True)
thread.start()
is_done = done.wait(60)
client.stop = True
driver.tearDown()
thread.join(5)
tell(saw='END')
sys.exit(0 if is_done else 1)
