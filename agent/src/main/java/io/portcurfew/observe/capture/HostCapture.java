package io.portcurfew.observe.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that belongs to one host.
 *
 * @param host its name; {@code null} if the file has none
 * @param text the output on the host, one character per byte
 * @param problems reasons why listeners of the host may be missing
 */
public record HostCapture(@Nullable String host, String text, List<String> problems) {

  public HostCapture {
    problems = List.copyOf(problems);
  }
}
