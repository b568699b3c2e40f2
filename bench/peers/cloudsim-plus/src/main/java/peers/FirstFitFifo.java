package peers;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cloudsimplus.core.CloudSimPlus;
import org.cloudsimplus.datacenters.DatacenterSimple;
import org.cloudsimplus.hosts.Host;
import org.cloudsimplus.hosts.HostSimple;
import org.cloudsimplus.resources.Pe;
import org.cloudsimplus.resources.PeSimple;
import org.cloudsimplus.schedulers.cloudlet.CloudletSchedulerSpaceShared;
import org.cloudsimplus.util.Log;
import org.cloudsimplus.vms.Vm;
import org.cloudsimplus.vms.VmSimple;

/**
 * Replays the tasks of a CSV file in CloudSim Plus: an agent is a host with one virtual machine of its size, a task is
 * a cloudlet. Prints figures as JSON, then waits for the end of standard input so that its parent can read its
 * resource usage.
 */
public final class FirstFitFifo {
    /** Millionths of work a second: a cloudlet's length is its duration in microseconds. */
    private static final long MIPS = 1_000_000;
    private static final double MIN_SECONDS_BETWEEN_EVENTS = 0.001;
    /** A processing element is half a processor, since requests of cloudlets are whole numbers. */
    static final int MILLIS_PER_PE = 500;

    public static void main(final String[] args) throws IOException {
        Log.setLevel(Level.OFF);
        final List<Task> tasks = readTasks(Path.of(args[0]));
        final int agents = Integer.parseInt(args[1]);
        final int pes = Integer.parseInt(args[2]) / MILLIS_PER_PE;
        final int memMib = Integer.parseInt(args[3]);

        final long startedNanos = System.nanoTime();
        final var simulation = new CloudSimPlus(MIN_SECONDS_BETWEEN_EVENTS);
        final List<Host> hosts = new ArrayList<>(agents);
        final List<Vm> vms = new ArrayList<>(agents);
        for (int agent = 0; agent < agents; agent++) {
            final List<Pe> processors = new ArrayList<>(pes);
            for (int pe = 0; pe < pes; pe++) processors.add(new PeSimple(MIPS));
            hosts.add(new HostSimple(memMib, 10_000, 1_000_000, processors));
            final var vm = new VmSimple(agent, MIPS, pes);
            vm.setRam(memMib).setBw(10_000).setSize(1_000_000);
            vm.setCloudletScheduler(new CloudletSchedulerSpaceShared());
            vms.add(vm);
        }
        new DatacenterSimple(simulation, hosts);
        final var broker = new QueueBroker(simulation, tasks, vms, pes, memMib);
        broker.submitVmList(vms);
        simulation.start();
        System.out.printf(
            Locale.ROOT,
            "{\"tasks\":%d,\"replaySeconds\":%.6f,\"meanWaitSeconds\":%.9f,\"makespanSeconds\":%.9f}%n",
            broker.endedCount(),
            (System.nanoTime() - startedNanos) / 1e9,
            broker.waitSeconds() / tasks.size(),
            broker.lastEndSeconds() - tasks.get(0).submitSeconds());
        System.out.flush();
        while (System.in.read() >= 0) continue;
    }

    private static List<Task> readTasks(final Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.skip(1).map(line -> {
                final String[] cells = line.split(",");
                return new Task(
                    Long.parseLong(cells[2]) / 1e6,
                    Long.parseLong(cells[3]),
                    Integer.parseInt(cells[4]) / MILLIS_PER_PE,
                    Integer.parseInt(cells[5]));
            }).toList();
        }
    }

    record Task(double submitSeconds, long durationUs, int pes, int memMib) {}
}
