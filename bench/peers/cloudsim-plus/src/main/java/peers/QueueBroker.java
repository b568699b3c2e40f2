package peers;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.cloudsimplus.brokers.DatacenterBrokerSimple;
import org.cloudsimplus.cloudlets.Cloudlet;
import org.cloudsimplus.cloudlets.CloudletSimple;
import org.cloudsimplus.core.CloudSimPlus;
import org.cloudsimplus.core.CloudSimTag;
import org.cloudsimplus.utilizationmodels.UtilizationModelFull;
import org.cloudsimplus.vms.Vm;
import peers.FirstFitFifo.Task;

/**
 * Keeps tasks in one queue, first in first out, and gives each as a cloudlet to the first virtual machine where it
 * fits. CloudSim Plus's own brokers choose a machine when a cloudlet is submitted and have no queue before that.
 */
final class QueueBroker extends DatacenterBrokerSimple {
    private final List<Task> tasks;
    private final List<Vm> vms;
    private final int[] freePes;
    private final int[] freeMemMib;
    private final Queue<Task> queue = new ArrayDeque<>();
    private int arrived = 0;
    private int ended = 0;
    private double waitSeconds = 0;
    private double lastEndSeconds = 0;

    QueueBroker(final CloudSimPlus simulation, final List<Task> tasks, final List<Vm> vms, final int pes, final int memMib) {
        super(simulation);
        this.tasks = tasks;
        this.vms = vms;
        freePes = new int[vms.size()];
        freeMemMib = new int[vms.size()];
        Arrays.fill(freePes, pes);
        Arrays.fill(freeMemMib, memMib);
        setShutdownWhenIdle(false);
        addOnVmsCreatedListener(info -> arrive());
    }

    int endedCount() {
        return ended;
    }

    double waitSeconds() {
        return waitSeconds;
    }

    double lastEndSeconds() {
        return lastEndSeconds;
    }

    private void arrive() {
        final double now = getSimulation().clock();
        while (arrived < tasks.size() && tasks.get(arrived).submitSeconds() <= now) queue.add(tasks.get(arrived++));
        dispatch();
        if (arrived < tasks.size()) {
            final double delay = tasks.get(arrived).submitSeconds() - now;
            schedule(delay, CloudSimTag.CLOUDLET_UPDATE_ATTRIBUTES, (Runnable) this::arrive);
        }
    }

    private void dispatch() {
        while (!queue.isEmpty()) {
            final int agent = firstFit(queue.peek());
            if (agent < 0) return;
            start(queue.remove(), agent);
        }
    }

    private int firstFit(final Task task) {
        for (int agent = 0; agent < freePes.length; agent++) {
            if (freePes[agent] >= task.pes() && freeMemMib[agent] >= task.memMib()) return agent;
        }
        return -1;
    }

    private void start(final Task task, final int agent) {
        freePes[agent] -= task.pes();
        freeMemMib[agent] -= task.memMib();
        waitSeconds += getSimulation().clock() - task.submitSeconds();
        final Cloudlet cloudlet = new CloudletSimple(task.durationUs(), task.pes());
        cloudlet.setUtilizationModelCpu(new UtilizationModelFull());
        cloudlet.setVm(vms.get(agent));
        cloudlet.addOnFinishListener(info -> end(task, agent));
        submitCloudlet(cloudlet);
    }

    private void end(final Task task, final int agent) {
        freePes[agent] += task.pes();
        freeMemMib[agent] += task.memMib();
        lastEndSeconds = getSimulation().clock();
        if (++ended == tasks.size()) getSimulation().terminate();
        dispatch();
    }
}
