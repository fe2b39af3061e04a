package io.portcurfew.baseline;

import io.portcurfew.judge.RandomRules;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random snapshots of hosts with few ports, many kinds of owners, and hostile names. */
final class RandomHost {

  private static final int PORTS = 12;
  private static final List<String> ADDRESSES =
      List.of(
          "0.0.0.0",
          "::",
          "127.0.0.1",
          "::1",
          "127.0.0.53%lo",
          "192.0.2.1",
          "fe80::1%eth0.01",
          "0.0.0.0%a\"b",
          "::%#x");
  private static final List<String> NAMESPACES =
      List.of(Endpoint.HOST, Endpoint.HOST, "web", "net:[4026532281]", "a: b", "\"#x", "no");
  private static final List<String> PATHS =
      List.of(
          "/usr/sbin/sshd",
          "/opt/*/[x]?/**/a",
          "/srv/two words: #x",
          "/srv/\n  - name: forged\n    ports: 611\n#",
          "/srv/\"quoted\\\u202e\u0085\u2028",
          "/" + "a/".repeat(700) + "b",
          "relative/path",
          "/srv/../x",
          "/srv/\ud83d\ude00\ud800",
          "/2027-06-30");
  private static final List<String> NAMES =
      List.of("root", "app-1", "no", "12", "two words", "DOMAIN\\user", "a#b", "null", "1e3");
  private static final List<String> UNITS =
      List.of("ssh.service", "a\\x2db@1.service", "session-1.scope", "-.slice", "x y.service");
  private static final List<String> CONTAINERS =
      List.of("4c01db0b339c".repeat(5) + "4c01", "web-1", "a/b", "4c01db0b339c");

  private final Random random;

  RandomHost(Random random) {
    this.random = random;
  }

  Snapshot snapshot() {
    Map<Endpoint, Listener> listeners = new TreeMap<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      Listener listener = listener();
      listeners.put(listener.endpoint(), listener);
    }
    return new Snapshot(
        HostText.of(one(List.of("web-1", "no", "a\n#b: \"c\"", "h".repeat(300)))),
        RandomRules.TODAY.atTime(12, 0).toInstant(ZoneOffset.UTC),
        true,
        List.copyOf(listeners.values()),
        List.of(),
        List.of(),
        List.of(),
        new PortRange(10, 12));
  }

  private Listener listener() {
    Endpoint endpoint =
        new Endpoint(
            one(List.of(Protocol.values())),
            Address.parse(one(ADDRESSES)).orElseThrow(),
            1 + random.nextInt(PORTS),
            HostText.of(one(NAMESPACES)).toString());
    Boolean dualStack = endpoint.address().equals(Address.ANY_IPV6) ? maybe(true) : null;
    List<Owner> owners = new ArrayList<>();
    for (int pid = random.nextInt(4); pid > 0; pid--) {
      owners.add(owner(pid));
    }
    return new Listener(endpoint, dualStack, owners, "sock_diag");
  }

  private Owner owner(int pid) {
    HostText container = text(CONTAINERS);
    OwnerDetails details =
        OwnerDetails.builder()
            .deleted(random.nextInt(5) == 0)
            .elsewhere(random.nextInt(5) == 0)
            .unit(text(UNITS))
            .container(container == null ? null : Container.of(container))
            .build();
    return new Owner(pid, HostText.of("nc"), text(PATHS), text(NAMES), null, details);
  }

  private @Nullable HostText text(List<String> of) {
    return random.nextInt(3) == 0 ? null : HostText.of(one(of));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> @Nullable T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }
}
