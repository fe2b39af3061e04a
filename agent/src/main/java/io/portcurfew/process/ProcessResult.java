package io.portcurfew.process;

import org.jspecify.annotations.Nullable;

/**
 * The result of running a program.
 *
 * @param status its exit status; {@code null} if it did not end by itself
 * @param output its standard output, one character for each byte
 * @param errors its standard error, one character for each byte
 * @param stopped the reason why it did not run to its end, for an admin, else {@code null}; it may
 *     hold raw text of the system, to be made visible before it is shown. There is no output then,
 *     since its last row would be cut
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
