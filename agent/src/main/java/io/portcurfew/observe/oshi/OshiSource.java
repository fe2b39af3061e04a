package io.portcurfew.observe.oshi;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.software.os.OperatingSystem;

/**
 * The view of OSHI: on Linux /proc/net of the agent's own namespace, on macOS and Windows the
 * tables of the system.
 *
 * <p>OSHI returns an empty list if it could not look, and at most one owner for each socket. So its
 * view is complete only if {@link OshiTables} found the tables readable.
 */
public final class OshiSource implements ListenerSource {

  /** The name in views, gaps and metrics. */
  public static final String NAME = "oshi";

  /**
   * OSHI holds every row of every table at once, about 1 KiB each: 600,000 sockets of any user
   * would end the agent.
   */
  static final int MOST_ROWS = 40_000;

  private final OperatingSystem system = new SystemInfo().getOperatingSystem();
  private final OshiTables tables;

  /**
   * Creates the source of this host.
   *
   * @throws LinkageError if JNA cannot be loaded
   */
  public OshiSource() {
    this(OshiTables.ofThisHost());
  }

  OshiSource(OshiTables tables) {
    this.tables = tables;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public View look() {
    long rows = tables.rows();
    if (rows > MOST_ROWS) {
      return View.blind(name(), "not asked: the host has more than " + MOST_ROWS + " sockets");
    }
    List<Gap> gaps = new ArrayList<>(tables.unreadable(name()));
    Map<Endpoint, Listener> listeners = new TreeMap<>();
    Map<Integer, Owner> processes = new HashMap<>();
    int unowned = 0;
    for (IPConnection socket : system.getInternetProtocolStats().getConnections()) {
      Optional<Endpoint> endpoint = listeningAt(socket);
      if (endpoint.isPresent()) {
        int pid = socket.getowningProcessId();
        List<Owner> owners = pid > 0 ? List.of(describe(pid, processes)) : List.of();
        unowned += owners.isEmpty() ? 1 : 0;
        Listener seen = new Listener(endpoint.get(), dualStack(socket), owners, name());
        listeners.merge(endpoint.get(), seen, Listener::and);
      }
    }
    if (unowned > 0) {
      gaps.add(new Gap(name(), Gap.What.OWNERS, unowned(unowned, listeners.size())));
    }
    boolean complete = gaps.stream().noneMatch(Gap::hidesListeners);
    return new View(name(), complete, List.copyOf(listeners.values()), gaps);
  }

  private Owner describe(int pid, Map<Integer, Owner> processes) {
    return processes.computeIfAbsent(pid, id -> OshiOwners.describe(id, system.getProcess(id)));
  }

  private String unowned(int unowned, int all) {
    String why =
        system.isElevated()
            ? "held by the kernel or by a process of another namespace, or closed meanwhile"
            : "only root may see them";
    return "the owners of " + unowned + " of " + all + " listeners are unknown: " + why;
  }

  /**
   * Returns the endpoint of a TCP socket in LISTEN or of a UDP socket without a peer. OSHI reports
   * a wrong state for UDP sockets, so the peer decides.
   */
  private static Optional<Endpoint> listeningAt(IPConnection socket) {
    boolean tcp = socket.getType().startsWith("tcp");
    boolean listens = tcp ? socket.getState() == TcpState.LISTEN : socket.getForeignPort() == 0;
    int port = socket.getLocalPort();
    if (!listens || port < 1 || port > 65535) {
      return Optional.empty();
    }
    return Optional.of(new Endpoint(tcp ? Protocol.TCP : Protocol.UDP, address(socket), port));
  }

  private static Address address(IPConnection socket) {
    byte[] bytes = socket.getLocalAddress();
    boolean any = bytes.length == 0 || new BigInteger(1, bytes).signum() == 0;
    if (any) {
      // macOS reports a dual-stack socket as tcp46 with an IPv4 address.
      return socket.getType().endsWith("6") ? Address.ANY_IPV6 : Address.ANY_IPV4;
    }
    return Address.of(bytes);
  }

  private static @Nullable Boolean dualStack(IPConnection socket) {
    return socket.getType().endsWith("46") ? true : null;
  }
}
