package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The first half of a sweep: tries every port that no known socket holds. */
final class PortSweep {

  /** A port that could not be had although no known socket holds it. */
  record Taken(WildcardAddress where, int port) {}

  /** The last port there is. */
  private static final int LAST = 65535;

  /** Ports tried between two pauses: some milliseconds. */
  static final int SLICE = 512;

  /** A sweep that takes longer is given up, and says so. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final BindProbe tries;
  private final OccupiedPorts known;
  private final Sweep.Pause pause;
  private final Ticker ticker;
  private final Duration start;
  private final List<Taken> taken = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private int tried;
  private int refused;

  /**
   * A sweep that begins now.
   *
   * @param known the ports that are not tried, since it is known who holds them
   * @param ticker for the time limit
   */
  PortSweep(BindProbe tries, OccupiedPorts known, Sweep.Pause pause, Ticker ticker) {
    this.tries = tries;
    this.known = known;
    this.pause = pause;
    this.ticker = ticker;
    this.start = ticker.elapsed();
  }

  /** How many ports were tried. */
  int tried() {
    return tried;
  }

  /** What could not be tried. */
  List<Gap> gaps() {
    return gaps;
  }

  /** Tries them all once; the taken ones. */
  List<Taken> run() throws InterruptedException {
    for (WildcardAddress where : WildcardAddress.values()) {
      run(where);
    }
    if (refused > 0) {
      gap(refused + " ports could not be tried: no right to bind to them (CAP_NET_BIND_SERVICE)");
    }
    return taken;
  }

  private void run(WildcardAddress where) throws InterruptedException {
    for (int from = 1; from <= LAST; from += SLICE) {
      if (ticker.since(start).compareTo(LIMIT) > 0) {
        gap(where + " was given up at port " + from + ", after " + LIMIT.toSeconds() + " s");
        return;
      }
      if (!slice(where, from, Math.min(LAST, from + SLICE - 1))) {
        return;
      }
      pause.rest();
    }
  }

  /** Whether it makes sense to go on. */
  private boolean slice(WildcardAddress where, int from, int to) {
    for (int port = from; port <= to; port++) {
      if (known.contain(where, port)) {
        continue;
      }
      try {
        attempt(where, port);
      } catch (KernelException failed) {
        giveUp(where, port, failed);
        return false;
      }
    }
    return true;
  }

  private void attempt(WildcardAddress where, int port) throws KernelException {
    int errno = tries.at(where, port);
    switch (errno) {
      case 0 -> tried++;
      case Errno.EADDRINUSE -> {
        tried++;
        taken.add(new Taken(where, port));
      }
      case Errno.EACCES, Errno.EPERM -> refused++;
      default -> throw new KernelException("binding", errno);
    }
  }

  /** A family that this kernel does not have has no listeners either. */
  private void giveUp(WildcardAddress where, int port, KernelException failed) {
    if (SockDiag.knowsNot(failed) || failed.errno() == Errno.EADDRNOTAVAIL) {
      String why = where + " was left out: " + failed.getMessage();
      gaps.add(new Gap(SweepResult.SOURCE, Gap.What.PROTOCOL, why));
    } else {
      gap(where + " was given up at port " + port + ": " + failed.getMessage());
    }
  }

  private void gap(String why) {
    gaps.add(SweepResult.gap(why));
  }
}
