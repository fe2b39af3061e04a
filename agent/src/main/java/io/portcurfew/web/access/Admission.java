package io.portcurfew.web.access;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The decision about a request. */
public sealed interface Admission {

  /**
   * The request is answered.
   *
   * @param user the user who logged in; {@code null} if no login was required
   */
  record Admitted(@Nullable String user) implements Admission {}

  /**
   * The request is refused.
   *
   * @param status as in RFC 9110
   * @param headers in addition to those of every response
   * @param delay the time before the answer is sent
   */
  record NotAdmitted(int status, String text, Map<String, String> headers, Duration delay)
      implements Admission {}
}
