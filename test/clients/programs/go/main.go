// mesos-go (Go module), api/v1 in protobuf: see ../README.md.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/gogo/protobuf/proto"
	"github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli/httpsched"
	"github.com/mesos/mesos-go/api/v1/lib/resources"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

const finish, sleep = "finish-1", "sleep-1"

var (
	ctx        = context.Background()
	states     = map[string]mesos.TaskState{}
	isLaunched = false
	framework  string
	caller     calls.Caller
)

func tell(saw string, more map[string]string) {
	seen := map[string]string{"saw": saw}
	for key, value := range more {
		seen[key] = value
	}
	line, _ := json.Marshal(seen)
	os.Stdout.Write(append(line, '\n'))
}

func send(call *scheduler.Call) {
	if err := calls.CallNoData(ctx, caller, call.With(calls.Framework(framework))); err != nil {
		log.Fatal(err)
	}
}

func main() {
	caller = httpsched.NewCaller(httpcli.New(httpcli.Endpoint("http://" + os.Args[1] + "/api/v1/scheduler")))
	response, err := caller.Call(ctx, calls.Subscribe(&mesos.FrameworkInfo{
		User:  "root",
		Name:  "mesos-go",
		Roles: []string{"go"},
		Capabilities: []mesos.FrameworkInfo_Capability{
			{Type: mesos.FrameworkInfo_Capability_MULTI_ROLE},
			{Type: mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT},
		},
	}))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Close()
	for {
		var event scheduler.Event
		if err := response.Decode(&event); err != nil {
			log.Fatal(err)
		}
		handle(&event)
	}
}

func handle(event *scheduler.Event) {
	switch event.GetType() {
	case scheduler.Event_SUBSCRIBED:
		framework = event.GetSubscribed().GetFrameworkID().Value
		tell("SUBSCRIBED", map[string]string{"framework": framework})
	case scheduler.Event_OFFERS:
		for _, offer := range event.GetOffers().GetOffers() {
			use(offer)
		}
	case scheduler.Event_UPDATE:
		update(event.GetUpdate().GetStatus())
	case scheduler.Event_ERROR:
		log.Fatal(event.GetError().GetMessage())
	}
}

func use(offer mesos.Offer) {
	if isLaunched {
		send(calls.Decline(offer.ID))
		return
	}
	isLaunched = true
	task := func(id, command string) mesos.TaskInfo {
		wanted := mesos.Resources{resources.NewCPUs(0.1).Resource, resources.NewMemory(32).Resource}
		for i := range wanted {
			wanted[i].AllocationInfo = &mesos.Resource_AllocationInfo{Role: proto.String("go")}
		}
		return mesos.TaskInfo{
			Name:      id,
			TaskID:    mesos.TaskID{Value: id},
			AgentID:   offer.AgentID,
			Command:   &mesos.CommandInfo{Value: proto.String(command), Shell: proto.Bool(true)},
			Resources: wanted,
		}
	}
	send(calls.Accept(calls.OfferOperations{
		calls.OpLaunch(task(finish, "echo hello"), task(sleep, "sleep 1000")),
	}.WithOffers(offer.ID)))
}

func update(status mesos.TaskStatus) {
	id := status.TaskID.Value
	reason := ""
	if status.Reason != nil {
		reason = status.GetReason().String()
	}
	tell(status.GetState().String(), map[string]string{"task": strings.TrimSuffix(id, "-1"), "reason": reason})
	if len(status.UUID) > 0 {
		send(calls.Acknowledge(status.AgentID.Value, id, status.UUID))
	}
	if reason == "REASON_RECONCILIATION" {
		send(calls.Kill(id, status.AgentID.Value))
		return
	}
	states[id] = status.GetState()
	if states[finish] == mesos.TASK_FINISHED && states[sleep] == mesos.TASK_RUNNING {
		send(calls.Reconcile(calls.ReconcileTasks(map[string]string{sleep: status.AgentID.Value})))
	} else if states[sleep] == mesos.TASK_KILLED {
		send(&scheduler.Call{Type: scheduler.Call_TEARDOWN})
		tell("END", nil)
		os.Exit(0)
	}
}
