package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.sweep.PortSweep.Taken;
import java.util.ArrayList;
import java.util.List;

/**
 * The second half of a sweep: asks again about the ports that were taken. Most of them belong to
 * sockets that opened since the sweep began.
 */
final class UnexplainedPorts {

  /** How many ports are asked about one by one: a flood of them costs no more and tells no more. */
  static final int MOST = 64;

  /** How often in a row a port has to be taken with nobody known to hold it. */
  static final int TIMES = 3;

  private final BindProbe tries;
  private final BoundSockets sockets;
  private final Sweep.Pause pause;
  private final List<Gap> gaps = new ArrayList<>();

  UnexplainedPorts(BindProbe tries, BoundSockets sockets, Sweep.Pause pause) {
    this.tries = tries;
    this.sockets = sockets;
    this.pause = pause;
  }

  /** What could not be found out. */
  List<Gap> gaps() {
    return gaps;
  }

  /**
   * Those of the taken ports that are taken still and that nobody is known to hold.
   *
   * @throws KernelException where the kernel does not answer
   */
  List<Endpoint> of(List<Taken> taken) throws KernelException, InterruptedException {
    List<Taken> left = takenStill(taken, sockets.look(0));
    if (left.size() > MOST) {
      gap("more than " + MOST + " taken ports are unexplained; the others were not asked about");
    }
    return proven(left.subList(0, Math.min(MOST, left.size())));
  }

  /** Those that nobody holds now and that are taken all the same; one more than MOST is enough. */
  private List<Taken> takenStill(List<Taken> taken, OccupiedPorts now)
      throws KernelException, InterruptedException {
    List<Taken> left = new ArrayList<>();
    for (int i = 0; i < taken.size() && left.size() <= MOST; i++) {
      Taken port = taken.get(i);
      if (!now.contain(port.where(), port.port()) && !isFree(port)) {
        left.add(port);
      }
      if (i % PortSweep.SLICE == 0) {
        pause.rest();
      }
    }
    return left;
  }

  private List<Endpoint> proven(List<Taken> left) throws KernelException, InterruptedException {
    List<Taken> proven = new ArrayList<>();
    for (Taken port : left) {
      if (staysUnexplained(port)) {
        proven.add(port);
      }
    }
    boolean tcp = proven.stream().anyMatch(UnexplainedPorts::isTcp);
    if (tcp && !sockets.tellsOfInactive()) {
      gap(
          proven.stream().filter(UnexplainedPorts::isTcp).count()
              + " tcp ports are taken and no source shows by whom; this kernel does not tell of"
              + " sockets that are bound and do not listen (Linux 6.8 does), so they may be that");
      proven.removeIf(UnexplainedPorts::isTcp);
    }
    return proven.stream().map(port -> port.where().endpoint(port.port())).toList();
  }

  /** The look is between two tries, so a socket that opens or closes meanwhile does not count. */
  private boolean staysUnexplained(Taken port) throws KernelException, InterruptedException {
    for (int time = 0; time < TIMES; time++) {
      if (isFree(port) || sockets.look(port.port()).contain(port.where(), port.port())) {
        return false;
      }
      pause.rest();
    }
    return !isFree(port);
  }

  private boolean isFree(Taken port) throws KernelException {
    return tries.at(port.where(), port.port()) != Errno.EADDRINUSE;
  }

  private static boolean isTcp(Taken port) {
    return port.where().transport() == Transport.TCP;
  }

  private void gap(String why) {
    gaps.add(SweepResult.gap(why));
  }
}
