package io.portcurfew.observe.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.sweep.SweepResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps simulated hosts. */
class BindSweepTest {

  private static final int EAFNOSUPPORT = 97;
  private static final int EADDRNOTAVAIL = 99;
  private static final int EMFILE = 24;

  private static final BoundSockets SHOWS_NOTHING =
      new BoundSockets() {
        @Override
        public OccupiedPorts look(int port) {
          return new OccupiedPorts();
        }

        @Override
        public boolean showsBoundInactive() {
          return true;
        }
      };

  /** The errors of binding to some ports; all others are free. */
  private final Map<String, Integer> answers = new HashMap<>();

  private final AtomicInteger rests = new AtomicInteger();
  private int looksAtAll;

  private boolean showsBoundInactive = true;
  private final OccupiedPorts later = new OccupiedPorts();

  private SweepResult sweep(Listener... seen) throws Exception {
    BoundSockets sockets =
        new BoundSockets() {
          @Override
          public OccupiedPorts look(int port) {
            return port != 0 || looksAtAll++ > 0 ? later : new OccupiedPorts();
          }

          @Override
          public boolean showsBoundInactive() {
            return showsBoundInactive;
          }
        };
    return BindSweep.run(
        List.of(seen), this::answer, sockets, rests::incrementAndGet, () -> Duration.ZERO);
  }

  private int answer(WildcardAddress where, int port) throws KernelException {
    int errno = answers.getOrDefault(where + " " + port, answers.getOrDefault(where + "", 0));
    if (errno == Errno.EMFILE || errno == Errno.EAFNOSUPPORT) {
      throw new KernelException("opening a socket", errno);
    }
    return errno;
  }

  private static KernelSocket socket(Transport transport, boolean ipv6, long low, int port) {
    return new KernelSocket(transport, ipv6, 0, low, port, 0, 1, 1L, 0, null, 0);
  }

  private static Listener listener(Protocol protocol, String address, int port) {
    Endpoint endpoint = new Endpoint(protocol, Address.parse(address).orElseThrow(), port);
    return new Listener(endpoint, null, List.of(), "proc");
  }

  @Test
  void usedPortWithoutSocket_isUnexplained() throws Exception {
    answers.put("udp on IPv6 65535", Errno.EADDRINUSE);
    answers.put("tcp on IPv4 1", Errno.EADDRINUSE);
    assertThat(sweep().unexplained())
        .extracting(Endpoint::toString)
        .containsExactly("tcp 0.0.0.0:1", "udp [::]:65535");
  }

  @Test
  void portOfASeenListener_isNotTried() throws Exception {
    answers.put("tcp on IPv4 80", Errno.EADDRINUSE);
    SweepResult swept = sweep(listener(Protocol.TCP, "10.0.0.1", 80));
    assertThat(swept.unexplained()).isEmpty();
    assertThat(swept.tried()).isEqualTo(4 * 65535 - 1);
    looksAtAll = 0;
    assertThat(sweep(listener(Protocol.UDP, "10.0.0.1", 80)).unexplained()).hasSize(1);
    looksAtAll = 0;
    Endpoint elsewhere = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 80, "web");
    assertThat(sweep(new Listener(elsewhere, null, List.of(), "proc")).unexplained()).hasSize(1);
  }

  @Test
  void aNewSocketExplainsItsPort() throws Exception {
    answers.put("tcp on IPv4 40000", Errno.EADDRINUSE);
    later.add(socket(Transport.TCP, false, 0x7F000001, 40000));
    assertThat(sweep().unexplained()).isEmpty();
  }

  @Test
  void portFreeLater_isNoFinding() throws Exception {
    answers.put("udp on IPv4 40000", Errno.EADDRINUSE);
    AtomicInteger tries = new AtomicInteger();
    for (int taken = 1; taken <= UnexplainedPorts.TIMES + 3; taken++) {
      int until = taken;
      tries.set(0);
      BindProbe soonFree =
          (where, port) ->
              answer(where, port) != 0 && tries.incrementAndGet() <= until ? Errno.EADDRINUSE : 0;
      assertThat(
              BindSweep.run(List.of(), soonFree, SHOWS_NOTHING, () -> {}, () -> Duration.ZERO)
                  .unexplained())
          .hasSize(taken == UnexplainedPorts.TIMES + 3 ? 1 : 0);
    }
  }

  @Test
  void withoutBoundInactiveRows_onlyTcpIsAGap() throws Exception {
    answers.put("tcp on IPv4 31337", Errno.EADDRINUSE);
    answers.put("udp on IPv4 31337", Errno.EADDRINUSE);
    showsBoundInactive = false;
    SweepResult swept = sweep();
    assertThat(swept.unexplained()).extracting(Endpoint::protocol).containsExactly(Protocol.UDP);
    assertThat(swept.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.why()).startsWith("1 tcp ports are in use"));
  }

  @Test
  void aFloodIsBoundedAndAGap() throws Exception {
    for (int port = 1; port <= 1000; port++) {
      answers.put("udp on IPv4 " + port, Errno.EADDRINUSE);
    }
    SweepResult swept = sweep();
    assertThat(swept.unexplained()).hasSize(UnexplainedPorts.MOST);
    assertThat(swept.gaps()).singleElement().matches(gap -> gap.what() == Gap.What.SWEEP);
  }

  @Test
  void aFloodOfClosedSocketsIsIgnored() throws Exception {
    Set<Integer> once = new HashSet<>();
    BindProbe closedSince =
        (where, port) ->
            where == WildcardAddress.UDP_IPV4 && port <= 1000 && once.add(port)
                ? Errno.EADDRINUSE
                : 0;
    SweepResult swept =
        BindSweep.run(List.of(), closedSince, SHOWS_NOTHING, () -> {}, () -> Duration.ZERO);
    assertThat(swept.unexplained()).isEmpty();
    assertThat(swept.gaps()).isEmpty();
  }

  @Test
  void forbiddenPortsAreCounted() throws Exception {
    answers.put("tcp on IPv4 22", Errno.EACCES);
    answers.put("udp on IPv4 53", Errno.EPERM);
    SweepResult swept = sweep();
    assertThat(swept.tried()).isEqualTo(4 * 65535 - 2);
    assertThat(swept.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.why()).startsWith("2 ports could not be tried"));
  }

  @ParameterizedTest
  @CsvSource({
    EAFNOSUPPORT + ",PROTOCOL,tcp on IPv6 was skipped",
    EADDRNOTAVAIL + ",PROTOCOL,tcp on IPv6 was skipped",
    EMFILE + ",SWEEP,tcp on IPv6: the sweep stopped at port 1"
  })
  void unusableFamily_isAGapAndOthersAreTried(int errno, Gap.What what, String why)
      throws Exception {
    answers.put("tcp on IPv6", errno);
    SweepResult swept = sweep();
    assertThat(swept.tried()).isEqualTo(3 * 65535);
    assertThat(swept.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.what()).isEqualTo(what))
        .satisfies(gap -> assertThat(gap.why()).contains(why));
  }

  @Test
  void everySliceIsFollowedByAPause() throws Exception {
    sweep();
    assertThat(rests.get()).isEqualTo(4 * 128);
  }

  @Test
  void aSlowSweepStopsAtTheTimeLimit() throws Exception {
    AtomicLong nanos = new AtomicLong();
    SweepResult swept =
        BindSweep.run(
            List.of(),
            (where, port) -> 0,
            SHOWS_NOTHING,
            () -> nanos.addAndGet(PortSweep.LIMIT.toNanos()),
            () -> Duration.ofNanos(nanos.get()));
    assertThat(swept.tried()).isEqualTo(2 * PortSweep.SLICE);
    assertThat(swept.gaps())
        .extracting(Gap::why)
        .hasSize(4)
        .first()
        .asString()
        .startsWith("tcp on IPv4: the sweep stopped at port 1025");
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0,              true,  false",
    "true,  0,              true,  true",
    "true,  1,              true,  true",
    "true,  281470698520577, true,  false",
  })
  void aSocketOccupiesTheFamiliesOfTheKernelsRule(
      boolean ipv6, long low, boolean holdsIpv4, boolean holdsIpv6) {
    OccupiedPorts held = new OccupiedPorts();
    held.add(socket(Transport.TCP, ipv6, low, 80));
    assertThat(held.contain(WildcardAddress.TCP_IPV4, 80)).isEqualTo(holdsIpv4);
    assertThat(held.contain(WildcardAddress.TCP_IPV6, 80)).isEqualTo(holdsIpv6);
    assertThat(held.contain(WildcardAddress.UDP_IPV4, 80)).isFalse();
  }

  @Test
  void anIpv6OnlySocketLeavesIpv4Free() {
    OccupiedPorts held = new OccupiedPorts();
    held.add(new KernelSocket(Transport.TCP, true, 0, 0, 80, 0, 1, 1L, 0, true, 0));
    assertThat(held.contain(WildcardAddress.TCP_IPV4, 80)).isFalse();
    assertThat(held.contain(WildcardAddress.TCP_IPV6, 80)).isTrue();
  }
}
