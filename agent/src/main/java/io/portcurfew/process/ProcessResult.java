package io.portcurfew.process;

import org.jspecify.annotations.Nullable;

/**
 * How a run of a tool ended.
 *
 * @param status its exit status; {@code null} where it did not end by itself
 * @param output what it printed on standard output, one character a byte
 * @param errors what it printed on standard error, one character a byte
 * @param stopped why it was not run to its end, in words for an admin; its output is left out then:
 *     the last row would be cut
 */
public record ProcessResult(
    @Nullable Integer status, String output, String errors, @Nullable String stopped) {

  static ProcessResult ended(int status, String output, String errors) {
    return new ProcessResult(status, output, errors, null);
  }

  static ProcessResult stopped(String why) {
    return new ProcessResult(null, "", "", why);
  }
}
