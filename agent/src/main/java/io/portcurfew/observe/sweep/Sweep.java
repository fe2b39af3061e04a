package io.portcurfew.observe.sweep;

import io.portcurfew.observe.Snapshot;

/** Finds occupied ports where no source shows a socket. */
public interface Sweep {

  /** Pauses between two slices of a sweep, so that scans can run. */
  interface Pause {

    /**
     * Waits until the next slice may start.
     *
     * @throws InterruptedException if the sweep was cancelled
     */
    void rest() throws InterruptedException;
  }

  /**
   * Sweeps once.
   *
   * @param seen the latest snapshot of the sources
   * @throws InterruptedException if the sweep was cancelled
   */
  SweepResult run(Snapshot seen, Pause pause) throws InterruptedException;
}
