package io.portcurfew.observe;

/** Finds ports that are taken although no source shows a socket there. */
public interface Sweep {

  /** Lets others have their turn between two slices of a sweep. */
  interface Pause {

    /**
     * Returns when the next slice may begin.
     *
     * @throws InterruptedException when the sweep is to be given up
     */
    void rest() throws InterruptedException;
  }

  /**
   * Sweeps once.
   *
   * @param seen what the sources have just seen
   * @throws InterruptedException when it was given up
   */
  SweepResult run(Snapshot seen, Pause pause) throws InterruptedException;
}
