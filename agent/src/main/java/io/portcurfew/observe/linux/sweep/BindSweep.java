package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports of this network namespace that are taken although no view shows a socket there: it
 * binds to every TCP and UDP port, on IPv4 and IPv6 apart, and lets go at once. It never listens
 * and never connects. What is taken has to be explained by a listener that a source saw, or by a
 * socket that sock_diag shows in any state: connections, what is left of them, and sockets that are
 * bound and do no more. A port that stays unexplained is one that something hides.
 *
 * <p>It is off unless asked for, since it touches what it looks at: a service that binds to a port
 * in the few microseconds in which the sweep has it is told that the address is in use, and a UDP
 * datagram to that port is dropped without an ICMP answer. Ports of known sockets are not touched.
 *
 * <p>What it cannot find: a hidden listener at a port of which any other socket is seen, such as a
 * connection to that listener; listeners of other namespaces; what takes packets without a socket
 * (NAT, sk_lookup, raw sockets); anything, where the kernel lies about bind too.
 */
public final class BindSweep {

  private BindSweep() {}

  /**
   * Sweeps once, on the calling thread: 2-3 s of CPU time, in slices of 512 ports with a pause
   * between them; it is given up after two minutes.
   *
   * @param seen what the sources have just seen
   * @throws InterruptedException when the pause was interrupted
   */
  public static SweepResult run(Snapshot seen, Sweep.Pause pause) throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    try (DiagSockets sockets = DiagSockets.open()) {
      return run(seen.listeners(), new OwnSockets(), sockets, pause, Ticker.SYSTEM);
    } catch (KernelException refused) {
      return SweepResult.blind(String.valueOf(refused.getMessage()), Ticker.SYSTEM.since(start));
    }
  }

  static SweepResult run(
      List<Listener> seen, BindProbe tries, BoundSockets sockets, Sweep.Pause pause, Ticker ticker)
      throws KernelException, InterruptedException {
    Duration start = ticker.elapsed();
    OccupiedPorts known = sockets.look(0);
    seen.forEach(known::add);
    PortSweep sweep = new PortSweep(tries, known, pause, ticker);
    List<PortSweep.Taken> taken = sweep.run();
    UnexplainedPorts second = new UnexplainedPorts(tries, sockets, pause);
    List<Endpoint> unexplained = taken.isEmpty() ? List.of() : second.of(taken);
    List<Gap> gaps = new ArrayList<>(sweep.gaps());
    gaps.addAll(second.gaps());
    Duration took = ticker.since(start);
    return new SweepResult(sweep.tried(), unexplained, gaps, took);
  }
}
