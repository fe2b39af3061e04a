package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Ticker;
import io.portcurfew.text.CountedNoun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The first half of a sweep: tries every port that no known socket holds. */
final class PortSweep {

  /** A port that is in use although no known socket holds it. */
  record TakenPort(WildcardAddress where, int port) {}

  /** The highest port number. */
  private static final int LAST = 65535;

  /** The number of ports between two pauses: some milliseconds of work. */
  static final int SLICE = 512;

  /** The time limit of a sweep; a longer one stops with a gap. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final BindProbe probe;
  private final OccupiedPorts known;
  private final Sweep.Pause pause;
  private final Ticker ticker;
  private final Duration start;
  private final List<TakenPort> taken = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private int tried;
  private int refused;

  /**
   * Creates a sweep whose time starts now.
   *
   * @param known the ports that known sockets hold, which are not tried
   * @param ticker for the time limit
   */
  PortSweep(BindProbe probe, OccupiedPorts known, Sweep.Pause pause, Ticker ticker) {
    this.probe = probe;
    this.known = known;
    this.pause = pause;
    this.ticker = ticker;
    this.start = ticker.elapsed();
  }

  /** Returns the number of tried ports. */
  int tried() {
    return tried;
  }

  /** Returns the ports that could not be tried, as gaps. */
  List<Gap> gaps() {
    return gaps;
  }

  /** Tries every port once and returns those in use. */
  List<TakenPort> run() throws InterruptedException {
    for (WildcardAddress where : WildcardAddress.values()) {
      run(where);
    }
    if (refused > 0) {
      gap(CountedNoun.of(refused, "port") + " could not be tried: this needs CAP_NET_BIND_SERVICE");
    }
    return taken;
  }

  private void run(WildcardAddress where) throws InterruptedException {
    for (int from = 1; from <= LAST; from += SLICE) {
      if (ticker.since(start).compareTo(LIMIT) > 0) {
        gap(where + ": the sweep stopped at port " + from + ", after " + LIMIT.toSeconds() + " s");
        return;
      }
      if (!slice(where, from, Math.min(LAST, from + SLICE - 1))) {
        return;
      }
      pause.rest();
    }
  }

  /** Returns false if no further slice can succeed. */
  private boolean slice(WildcardAddress where, int from, int to) {
    for (int port = from; port <= to; port++) {
      if (known.contain(where, port)) {
        continue;
      }
      try {
        attempt(where, port);
      } catch (KernelException failed) {
        stop(where, port, failed);
        return false;
      }
    }
    return true;
  }

  private void attempt(WildcardAddress where, int port) throws KernelException {
    int errno = probe.at(where, port);
    switch (errno) {
      case 0 -> tried++;
      case Errno.EADDRINUSE -> {
        tried++;
        taken.add(new TakenPort(where, port));
      }
      case Errno.EACCES, Errno.EPERM -> refused++;
      default -> throw new KernelException("binding", errno);
    }
  }

  /** A family that this kernel lacks has no listeners either. */
  private void stop(WildcardAddress where, int port, KernelException failed) {
    if (SockDiag.isUnsupported(failed) || failed.errno() == Errno.EADDRNOTAVAIL) {
      String why = where + " was skipped: " + failed.getMessage();
      gaps.add(new Gap(SweepResult.SOURCE, Gap.What.PROTOCOL, why));
    } else {
      gap(where + ": the sweep stopped at port " + port + ": " + failed.getMessage());
    }
  }

  private void gap(String why) {
    gaps.add(SweepResult.gap(why));
  }
}
