package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;

/**
 * The queue of a Unix socket as /proc/PID/fdinfo shows it. The kernel counts the descriptors in it
 * that nobody has received yet (unix_show_fdinfo in net/unix/af_unix.c, since Linux 5.4).
 */
final class UnixQueue {

  private static final String COUNT = "scm_fds:";

  private UnixQueue() {}

  /** Returns the number of descriptors in the queue; 0 if the text is of anything else. */
  static long waiting(byte[] fdinfo) {
    return new String(fdinfo, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith(COUNT))
        .map(line -> ProcText.number(line.substring(COUNT.length()).strip()))
        .filter(count -> count != null)
        .findFirst()
        .orElse(0L);
  }
}
