"""Replays the tasks of a CSV file in SimPy: one queue, first in first out, each task on the first agent where it fits.

A task is a process. Its arrival waits in one process that reads the tasks in order of submission. Free resources are
arrays, searched by numpy. All ends and arrivals of an instant come before the queue is looked at, as in mesolab.
Prints figures as JSON, then waits for the end of standard input so that its parent can read its resource usage.
"""
import csv
import json
import sys
import time
from collections import deque

import numpy as np
import simpy


class Cluster:
    def __init__(self, env, agents, cpu_millis, mem_mib):
        self.env = env
        self.free_cpu_millis = np.full(agents, cpu_millis, dtype=np.int64)
        self.free_mem_mib = np.full(agents, mem_mib, dtype=np.int64)
        self.queue = deque()
        self.released = []
        self.is_head_blocked = False
        self.is_dispatch_due = False
        self.wait_us = 0
        self.ended = 0
        self.last_end_us = 0

    def request_dispatch(self):
        if self.is_dispatch_due:
            return
        self.is_dispatch_due = True
        # All other events of this instant are in the event queue already, so that this one is the last.
        self.env.timeout(0).callbacks.append(self.dispatch)

    def dispatch(self, _event):
        self.is_dispatch_due = False
        queue = self.queue
        while queue:
            submit_us, duration_us, cpu_millis, mem_mib = queue[0]
            if self.is_head_blocked:
                agent = self.first_fit_of_released(cpu_millis, mem_mib)
            else:
                agent = self.first_fit(cpu_millis, mem_mib)
            self.is_head_blocked = agent is None
            if agent is None:
                break
            queue.popleft()
            self.free_cpu_millis[agent] -= cpu_millis
            self.free_mem_mib[agent] -= mem_mib
            self.wait_us += self.env.now - submit_us
            self.env.process(self.run(agent, duration_us, cpu_millis, mem_mib))
        self.released.clear()

    def first_fit(self, cpu_millis, mem_mib):
        fits = (self.free_cpu_millis >= cpu_millis) & (self.free_mem_mib >= mem_mib)
        agent = int(fits.argmax())
        return agent if fits[agent] else None

    def first_fit_of_released(self, cpu_millis, mem_mib):
        """For a head that fitted nowhere: it can fit only where resources came free since."""
        for agent in sorted(self.released):
            if self.free_cpu_millis[agent] >= cpu_millis and self.free_mem_mib[agent] >= mem_mib:
                return agent
        return None

    def run(self, agent, duration_us, cpu_millis, mem_mib):
        yield self.env.timeout(duration_us)
        self.free_cpu_millis[agent] += cpu_millis
        self.free_mem_mib[agent] += mem_mib
        self.ended += 1
        self.last_end_us = self.env.now
        if self.queue:
            self.released.append(agent)
            self.request_dispatch()


def arrivals(env, cluster, tasks):
    for task in tasks:
        if task[0] > env.now:
            yield env.timeout(task[0] - env.now)
        cluster.queue.append(task)
        cluster.request_dispatch()


def read_tasks(file):
    with open(file, newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return [
            (int(submit), int(duration), int(cpus), int(mem))
            for _job, _role, submit, duration, cpus, mem in rows
        ]


def main():
    file, agents, cpu_millis, mem_mib = sys.argv[1:]
    tasks = read_tasks(file)
    started = time.perf_counter()
    env = simpy.Environment()
    cluster = Cluster(env, int(agents), int(cpu_millis), int(mem_mib))
    env.process(arrivals(env, cluster, tasks))
    env.run()
    figures = {
        "tasks": cluster.ended,
        "replaySeconds": time.perf_counter() - started,
        "meanWaitSeconds": cluster.wait_us / len(tasks) / 1e6,
        "makespanSeconds": (cluster.last_end_us - tasks[0][0]) / 1e6,
    }
    print(json.dumps(figures), flush=True)
    sys.stdin.read()


main()
