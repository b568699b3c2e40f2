import static com.mesosphere.mesos.rx.java.SinkOperations.sink;

import com.google.protobuf.ByteString;
import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.Protos.*;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;

/** mesos-rxjava-protobuf-client (Maven Central): see README.md. */
public final class RxJavaClient {
  private static final String FINISH = "finish-" + UUID.randomUUID();
  private static final String SLEEP = "sleep-" + UUID.randomUUID();
  // This client takes the id that it is told.
  private static final FrameworkID ID = FrameworkID.newBuilder().setValue("rxjava-" + UUID.randomUUID()).build();
  private static final Map<String, TaskState> STATES = new HashMap<>();
  private static boolean isLaunched = false;

  public static void main(String[] args) throws Throwable {
    FrameworkInfo info =
        FrameworkInfo.newBuilder().setId(ID).setUser("root").setName("rxjava").setFailoverTimeout(0).build();
    ProtobufMesosClientBuilder.schedulerUsingProtos()
        .mesosUri(URI.create("http://" + args[0] + "/api/v1/scheduler"))
        .applicationUserAgentEntry(UserAgentEntries.literal("mesolab-test", "1"))
        .subscribe(SchedulerCalls.subscribe(ID, info))
        .processStream(events -> events.flatMap(event -> Observable.from(answers(event))))
        .build()
        .openStream()
        .await();
  }

  private static List<Optional<SinkOperation<Call>>> answers(Event event) {
    List<Optional<SinkOperation<Call>>> calls = new ArrayList<>();
    switch (event.getType()) {
      case SUBSCRIBED:
        tell("SUBSCRIBED", "framework", event.getSubscribed().getFrameworkId().getValue());
        break;
      case OFFERS:
        for (Offer offer : event.getOffers().getOffersList()) calls.add(Optional.of(sink(use(offer))));
        break;
      case UPDATE:
        update(event.getUpdate().getStatus(), calls);
        break;
      case ERROR:
        System.err.println(event.getError().getMessage());
        System.exit(1);
        break;
      default:
        calls.add(Optional.empty());
    }
    return calls;
  }

  private static Call use(Offer offer) {
    Call.Builder call = Call.newBuilder().setFrameworkId(ID);
    if (isLaunched) {
      return call.setType(Call.Type.DECLINE).setDecline(Call.Decline.newBuilder().addOfferIds(offer.getId())).build();
    }
    isLaunched = true;
    Offer.Operation.Launch.Builder launch =
        Offer.Operation.Launch.newBuilder().addTaskInfos(task(offer, FINISH, "echo hello")).addTaskInfos(task(offer, SLEEP, "sleep 1000"));
    Offer.Operation operation = Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(launch).build();
    return call.setType(Call.Type.ACCEPT)
        .setAccept(Call.Accept.newBuilder().addOfferIds(offer.getId()).addOperations(operation))
        .build();
  }

  private static TaskInfo task(Offer offer, String id, String command) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setShell(true).setValue(command))
        .addResources(scalar("cpus", 0.1))
        .addResources(scalar("mem", 32))
        .build();
  }

  private static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setRole("*")
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  private static void update(TaskStatus status, List<Optional<SinkOperation<Call>>> calls) {
    String id = status.getTaskId().getValue();
    boolean isReconciled = status.hasReason() && status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION;
    tell(status.getState().name(), "task", id.split("-")[0] + (isReconciled ? "\",\"reason\":\"REASON_RECONCILIATION" : ""));
    if (status.hasUuid()) {
      ByteString uuid = status.getUuid();
      calls.add(Optional.of(sink(SchedulerCalls.ackUpdate(ID, uuid, status.getAgentId(), status.getTaskId()))));
    }
    Call.Builder call = Call.newBuilder().setFrameworkId(ID);
    if (isReconciled) {
      Call.Kill kill = Call.Kill.newBuilder().setTaskId(status.getTaskId()).setAgentId(status.getAgentId()).build();
      calls.add(Optional.of(sink(call.setType(Call.Type.KILL).setKill(kill).build())));
      return;
    }
    STATES.put(id, status.getState());
    if (STATES.get(FINISH) == TaskState.TASK_FINISHED && STATES.get(SLEEP) == TaskState.TASK_RUNNING) {
      Call.Reconcile.Task task =
          Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(SLEEP)).setAgentId(status.getAgentId()).build();
      calls.add(Optional.of(sink(call.setType(Call.Type.RECONCILE).setReconcile(Call.Reconcile.newBuilder().addTasks(task)).build())));
    } else if (STATES.get(SLEEP) == TaskState.TASK_KILLED) {
      calls.add(
          Optional.of(
              sink(
                  call.setType(Call.Type.TEARDOWN).build(),
                  () -> {
                    tell("END", "by", "rxjava");
                    System.exit(0);
                  })));
    }
  }

  private static void tell(String saw, String key, String value) {
    System.out.println("{\"saw\":\"" + saw + "\",\"" + key + "\":\"" + value + "\"}");
  }
}
