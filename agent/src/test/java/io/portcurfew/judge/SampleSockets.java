package io.portcurfew.judge;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.SocketPlace.Family;
import java.util.List;

/** A judged host with a sniffer and a family that its kernel does not list. */
public final class SampleSockets {

  public static final SocketPlace SNIFFER =
      new SocketPlace(Family.PACKET, "all", null, null, "eth0", "host");

  public static final OtherSockets SOCKETS =
      new OtherSockets(
          true,
          List.of(
              new OtherSocket(
                  SNIFFER,
                  2,
                  true,
                  7,
                  List.of(SampleListeners.owner(66, "/tmp/<door>", "root")),
                  null),
              new OtherSocket(
                  new SocketPlace(Family.VSOCK, null, "any", 1234L, null, "host"),
                  List.of(),
                  null)),
          List.of(
              new OtherSockets.Unlisted(Family.XDP, "host", "this kernel does not list them", true),
              new OtherSockets.Unlisted(Family.RAW, "web", "there are more than 64", false)));

  private SampleSockets() {}

  public static Snapshot snapshot() {
    return snapshot(SOCKETS, SOCKETS.limits());
  }

  /** A host without listeners on which these were seen. */
  public static Snapshot seen(OtherSockets sockets) {
    return snapshot(sockets, List.of());
  }

  private static Snapshot snapshot(OtherSockets sockets, List<String> limits) {
    return new Snapshot(
        HostText.of("web-1"),
        SampleListeners.NOON,
        true,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        PortRange.LINUX_EPHEMERAL,
        sockets,
        limits);
  }

  /** Judged without a rule. */
  public static JudgedSnapshot judged() {
    Snapshot snapshot = snapshot();
    return new JudgedSnapshot(
        snapshot, Judge.judge(SampleListeners.allowing(), snapshot, List.of()));
  }
}
