package io.portcurfew.observe;

/** One way of observing the listeners of this host. */
public interface ListenerSource {

  /** The name in JSON, metrics and gaps: lower case, as in {@code oshi} or {@code ss}. */
  String name();

  /**
   * Looks once. The view has a gap for everything that it could not see; a source that cannot look
   * at all returns {@link View#blind}.
   *
   * @throws InterruptedException if the look was cancelled
   */
  View look() throws InterruptedException;

  /** A source that can start another look while one hangs. */
  interface Abandonable extends ListenerSource {

    /**
     * Checks the look that runs, and abandons it if it hangs: the next call of {@link #look} does
     * not wait for it. To be called several times a second while a look runs.
     *
     * @return true if it was abandoned; false also if too many looks hang already
     */
    boolean abandon();
  }
}
