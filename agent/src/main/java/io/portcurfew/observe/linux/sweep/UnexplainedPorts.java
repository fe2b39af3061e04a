package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.sweep.PortSweep.TakenPort;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import java.util.ArrayList;
import java.util.List;

/**
 * The second half of a sweep: checks the ports in use again. Most of them belong to sockets that
 * opened since the sweep started.
 */
final class UnexplainedPorts {

  /** The maximum number of ports that are checked one by one, so that a flood costs no more. */
  static final int MOST = 64;

  /** The number of checks in a row that must find a port in use without a known socket. */
  static final int TIMES = 3;

  private final BindProbe probe;
  private final BoundSockets sockets;
  private final Sweep.Pause pause;
  private final List<Gap> gaps = new ArrayList<>();

  UnexplainedPorts(BindProbe probe, BoundSockets sockets, Sweep.Pause pause) {
    this.probe = probe;
    this.sockets = sockets;
    this.pause = pause;
  }

  /** Returns the ports that could not be explained or excluded, as gaps. */
  List<Gap> gaps() {
    return gaps;
  }

  /**
   * Returns the ports that are still in use and that no known socket holds.
   *
   * @throws KernelException if the kernel does not answer
   */
  List<Endpoint> of(List<TakenPort> taken) throws KernelException, InterruptedException {
    List<TakenPort> left = stillTaken(taken, sockets.look(0));
    if (left.size() > MOST) {
      gap("more than " + MOST + " ports in use are unexplained; the others were not checked");
    }
    return proven(left.subList(0, Math.min(MOST, left.size())));
  }

  /**
   * Returns the ports that no socket holds now and that are still in use; one more than MOST is
   * enough.
   */
  private List<TakenPort> stillTaken(List<TakenPort> taken, OccupiedPorts now)
      throws KernelException, InterruptedException {
    List<TakenPort> left = new ArrayList<>();
    for (int i = 0; i < taken.size() && left.size() <= MOST; i++) {
      TakenPort port = taken.get(i);
      if (!now.contain(port.where(), port.port()) && !isFree(port)) {
        left.add(port);
      }
      if (i % PortSweep.SLICE == 0) {
        pause.rest();
      }
    }
    return left;
  }

  private List<Endpoint> proven(List<TakenPort> left) throws KernelException, InterruptedException {
    List<TakenPort> proven = new ArrayList<>();
    for (TakenPort port : left) {
      if (staysUnexplained(port)) {
        proven.add(port);
      }
    }
    boolean tcp = proven.stream().anyMatch(UnexplainedPorts::isTcp);
    if (tcp && !sockets.showsBoundInactive()) {
      gap(
          proven.stream().filter(UnexplainedPorts::isTcp).count()
              + " tcp ports are in use and no source shows a socket there; this kernel does not"
              + " show sockets that are bound and do not listen (Linux 6.8 does), so they may"
              + " be such sockets");
      proven.removeIf(UnexplainedPorts::isTcp);
    }
    return proven.stream().map(port -> port.where().endpoint(port.port())).toList();
  }

  /**
   * Each look lies between two probes, so a socket that opens or closes meanwhile does not count.
   */
  private boolean staysUnexplained(TakenPort port) throws KernelException, InterruptedException {
    for (int time = 0; time < TIMES; time++) {
      if (isFree(port) || sockets.look(port.port()).contain(port.where(), port.port())) {
        return false;
      }
      pause.rest();
    }
    return !isFree(port);
  }

  private boolean isFree(TakenPort port) throws KernelException {
    return probe.at(port.where(), port.port()) != Errno.EADDRINUSE;
  }

  private static boolean isTcp(TakenPort port) {
    return port.where().transport() == Transport.TCP;
  }

  private void gap(String why) {
    gaps.add(SweepResult.gap(why));
  }
}
