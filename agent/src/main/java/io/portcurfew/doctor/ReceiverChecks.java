package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.RECEIVERS;

import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.receivers.ReceiverSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the receivers can be reached. */
final class ReceiverChecks {

  private ReceiverChecks() {}

  private record Begun(String receiver, ServerProbe place, FutureTask<@Nullable String> attempt) {}

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
    List<Begun> all = receivers.stream().flatMap(ReceiverChecks::begin).toList();
    List<Check> checks = new ArrayList<>();
    receivers.stream()
        .filter(receiver -> receiver.settings().servers().isEmpty())
        .forEach(receiver -> checks.add(notTried(receiver)));
    for (Begun one : all) {
      checks.add(check(one.receiver, one.place, ServerProbe.await(one.attempt)));
    }
    return checks;
  }

  private static Stream<Begun> begin(Receiver receiver) {
    ReceiverSettings means = receiver.settings();
    return means.servers().stream()
        .map(ServerProbe::of)
        .map(place -> new Begun(receiver.name(), place, place.begin(means.authorities())));
  }

  private static Check notTried(Receiver receiver) {
    return Check.ok(
        RECEIVERS,
        receiver.name(),
        receiver.settings().kind() + ": nothing to connect to; portcurfew notify test tries it out");
  }

  static Check check(String name, ServerProbe place, @Nullable String why) {
    return why == null
        ? Check.ok(
            RECEIVERS,
            name,
            place + " takes connections" + (place.tls() ? ", its certificate is trusted" : ""))
        : Check.broken(
            RECEIVERS,
            name,
            place + " cannot be reached: " + why,
            "alerts wait until it can be; look at that server, at firewalls and DNS in between");
  }
}
