package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The outcome of one attempt to deliver a notification. */
public sealed interface Delivery {

  /**
   * The receiver accepted it.
   *
   * @param answer the answer of the receiver, for people; holds no secret
   */
  record Delivered(String answer) implements Delivery {

    /** Delivered without an answer. */
    public Delivered() {
      this("");
    }
  }

  /**
   * The attempt failed and is repeated later.
   *
   * @param why the cause, for the log; holds no secret
   * @param after the pause that the receiver asked for; {@code null} if it asked for none
   */
  record Retry(String why, @Nullable Duration after) implements Delivery {

    /** A retry after the usual pause. */
    public Retry(String why) {
      this(why, null);
    }
  }

  /**
   * The receiver refuses it for good.
   *
   * @param why the cause, for the log; holds no secret
   */
  record Refused(String why) implements Delivery {}
}
