package io.portcurfew.observe;

/** One way of observing the listeners of this host. */
public interface ListenerSource {

  /** The name in JSON, metrics and gaps: lower case, as in {@code oshi} or {@code ss}. */
  String name();

  /**
   * Looks once. What cannot be seen is a gap in the view; a source that cannot look at all gives
   * {@link View#blind}.
   *
   * @throws InterruptedException when the look was given up
   */
  View look() throws InterruptedException;
}
