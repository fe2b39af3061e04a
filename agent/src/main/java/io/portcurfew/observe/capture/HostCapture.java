package io.portcurfew.observe.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds of one host.
 *
 * @param host its name; {@code null} where the file names none
 * @param text what the tool printed there, one character a byte
 * @param problems why it may show less than the host has
 */
public record HostCapture(@Nullable String host, String text, List<String> problems) {

  public HostCapture {
    problems = List.copyOf(problems);
  }
}
