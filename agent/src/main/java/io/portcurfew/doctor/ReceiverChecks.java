package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.RECEIVERS;

import io.portcurfew.config.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Whether the receivers can be reached. */
final class ReceiverChecks {

  private ReceiverChecks() {}

  /** Asks all of them at once. */
  static List<Check> of(List<Receiver> receivers) throws InterruptedException {
    if (receivers.isEmpty()) {
      return List.of(
          Check.limited(
              RECEIVERS,
              "all",
              "none is configured: alerts go to the agent's log alone",
              "name one in notify.receivers of the config"));
    }
    List<Reach> places =
        receivers.stream().map(receiver -> Reach.of(receiver.webhook().url())).toList();
    List<FutureTask<@Nullable String>> attempts = places.stream().map(Reach::begin).toList();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < attempts.size(); i++) {
      checks.add(check(receivers.get(i).name(), places.get(i), Reach.await(attempts.get(i))));
    }
    return checks;
  }

  static Check check(String name, Reach place, @Nullable String why) {
    return why == null
        ? Check.ok(
            RECEIVERS,
            name,
            place + " takes connections" + (place.https() ? ", its certificate is trusted" : ""))
        : Check.broken(
            RECEIVERS,
            name,
            place + " cannot be reached: " + why,
            "alerts wait until it can be; look at that server, at firewalls and DNS in between");
  }
}
