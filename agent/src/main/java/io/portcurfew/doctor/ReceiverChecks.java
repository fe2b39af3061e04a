package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.RECEIVERS;

import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.receivers.ReceiverSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that the receivers can be reached. */
final class ReceiverChecks {

  private ReceiverChecks() {}

  private record RunningProbe(
      String receiver, ServerProbe probe, FutureTask<@Nullable String> attempt) {}

  /** Probes all receivers in parallel. */
  static List<Check> of(List<Receiver> receivers) throws InterruptedException {
    if (receivers.isEmpty()) {
      return List.of(
          Check.limited(
              RECEIVERS,
              "all",
              "none is configured: alerts go only to the agent's log",
              "add one to notify.receivers in the config"));
    }
    List<RunningProbe> all = receivers.stream().flatMap(ReceiverChecks::start).toList();
    List<Check> checks = new ArrayList<>();
    receivers.stream()
        .filter(receiver -> receiver.settings().servers().isEmpty())
        .forEach(receiver -> checks.add(notProbed(receiver)));
    for (RunningProbe one : all) {
      checks.add(check(one.receiver, one.probe, ServerProbe.await(one.attempt)));
    }
    return checks;
  }

  private static Stream<RunningProbe> start(Receiver receiver) {
    ReceiverSettings settings = receiver.settings();
    return settings.servers().stream()
        .map(ServerProbe::of)
        .map(
            probe -> new RunningProbe(receiver.name(), probe, probe.start(settings.authorities())));
  }

  private static Check notProbed(Receiver receiver) {
    return Check.ok(
        RECEIVERS,
        receiver.name(),
        receiver.settings().kind()
            + ": no server to connect to; test it with portcurfew notify test");
  }

  static Check check(String name, ServerProbe probe, @Nullable String why) {
    return why == null
        ? Check.ok(
            RECEIVERS,
            name,
            probe + " accepts connections" + (probe.tls() ? ", its certificate is trusted" : ""))
        : Check.broken(
            RECEIVERS,
            name,
            probe + " cannot be reached: " + why,
            "notifications wait until then; check the server, firewalls and DNS");
  }
}
