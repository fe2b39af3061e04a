package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports of this network namespace that are in use although no view shows a socket there. It
 * binds to every TCP and UDP port, on IPv4 and IPv6 separately, and releases it immediately. It
 * never listens and never connects. A port in use must be explained by a listener that a source
 * saw, or by a socket that sock_diag shows in any state: connections, their remains, and sockets
 * that are only bound. A port without an explanation is hidden.
 *
 * <p>It is off by default, because it disturbs the host: a service that binds to a port in the few
 * microseconds in which the sweep holds it gets EADDRINUSE, and a UDP datagram to that port is
 * dropped without an ICMP answer. The sweep does not touch ports of known sockets.
 *
 * <p>It does not find hidden listeners at a port where any other socket is visible, such as a
 * connection to that listener; listeners of other namespaces; redirects that take packets without a
 * socket (NAT, sk_lookup, raw sockets). It finds nothing if the kernel lies about bind too.
 */
public final class BindSweep {

  private BindSweep() {}

  /**
   * Sweeps once, on the calling thread: 2-3 s of CPU time, in slices of 512 ports with a pause
   * between them; it stops after two minutes.
   *
   * @param seen the latest snapshot of the sources
   * @throws InterruptedException if the pause was interrupted
   */
  public static SweepResult run(Snapshot seen, Sweep.Pause pause) throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    try (DiagSockets sockets = DiagSockets.open()) {
      List<Listener> held = seen.listeners().stream().filter(Listener::hasSocket).toList();
      return run(held, new OwnSockets(), sockets, pause, Ticker.SYSTEM);
    } catch (KernelException refused) {
      return SweepResult.blind(String.valueOf(refused.getMessage()), Ticker.SYSTEM.since(start));
    }
  }

  static SweepResult run(
      List<Listener> seen, BindProbe probe, BoundSockets sockets, Sweep.Pause pause, Ticker ticker)
      throws KernelException, InterruptedException {
    Duration start = ticker.elapsed();
    OccupiedPorts known = sockets.look(0);
    seen.forEach(known::add);
    PortSweep sweep = new PortSweep(probe, known, pause, ticker);
    List<PortSweep.TakenPort> taken = sweep.run();
    UnexplainedPorts second = new UnexplainedPorts(probe, sockets, pause);
    List<Endpoint> unexplained = taken.isEmpty() ? List.of() : second.of(taken);
    List<Gap> gaps = new ArrayList<>(sweep.gaps());
    gaps.addAll(second.gaps());
    Duration took = ticker.since(start);
    return new SweepResult(sweep.tried(), unexplained, gaps, took);
  }
}
