package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one attempt to deliver a notification went. */
public sealed interface Delivery {

  /**
   * The receiver has it.
   *
   * @param answer what the receiver said to it, for people; holds no secret
   */
  record Delivered(String answer) implements Delivery {

    /** Where the receiver says nothing. */
    public Delivered() {
      this("");
    }
  }

  /**
   * The receiver does not have it, but may take it later.
   *
   * @param why for the log; holds no secret
   * @param after how long the receiver asked to be left alone, where it did
   */
  record Retry(String why, @Nullable Duration after) implements Delivery {

    public Retry(String why) {
      this(why, null);
    }
  }

  /**
   * The receiver will never take it.
   *
   * @param why for the log; holds no secret
   */
  record Refused(String why) implements Delivery {}
}
