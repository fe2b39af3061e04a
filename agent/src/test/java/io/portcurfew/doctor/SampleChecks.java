package io.portcurfew.doctor;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Sample values for tests of checks. */
final class SampleChecks {

  static final ProcessRights ROOT = new ProcessRights(0, Set.of(Capability.values()));
  static final ProcessRights NONE = new ProcessRights(65534, Set.of());
  static final ProcessRights BOTH =
      new ProcessRights(998, Set.of(Capability.CAP_SYS_PTRACE, Capability.CAP_DAC_READ_SEARCH));

  private SampleChecks() {}

  static ProcessContext context(ProcessRights rights) {
    return new ProcessContext(rights, HidePid.OFF, false, false);
  }

  static Listener listener(String address, int port, int... pids) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.parse(address).orElseThrow(), port);
    List<Owner> owners = Arrays.stream(pids).mapToObj(Owner::of).toList();
    return new Listener(endpoint, null, owners, "sock_diag");
  }

  static Gap gap(String source, Gap.What what, String why) {
    return new Gap(source, what, why);
  }

  static Gap gap(Gap.What what, String why, Gap.Cause cause) {
    return new Gap("sock_diag", what, why, cause);
  }

  static View view(String source, List<Listener> listeners, Gap... gaps) {
    boolean complete = Stream.of(gaps).noneMatch(Gap::hidesListeners);
    return new View(source, complete, listeners, List.of(gaps));
  }

  static Snapshot snapshot(View... views) {
    return Snapshot.of(
        HostText.of("web-1"),
        Instant.EPOCH,
        Stream.of(views).map(view -> new TimedView(view, Duration.ofMillis(1))).toList(),
        PortRange.LINUX_EPHEMERAL);
  }
}
