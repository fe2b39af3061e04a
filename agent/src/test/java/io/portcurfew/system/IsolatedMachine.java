package io.portcurfew.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A machine of the test's own: network, processes and mounts in namespaces of which no other can be
 * seen from within, so that only what the test starts listens there.
 */
final class IsolatedMachine implements AutoCloseable {

  private static final String BEGIN =
      "ip link set lo up && mount -t tmpfs none /run && echo ready && exec sleep 600";

  private final Process unshare;
  private final long first;

  private IsolatedMachine(Process unshare, long first) {
    this.unshare = unshare;
    this.first = first;
  }

  static IsolatedMachine start() throws IOException {
    Requirement.root();
    Requirement.program("ip");
    Requirement.program("unshare");
    Requirement.program("nsenter");
    Requirement.program("setpriv");
    Process unshare =
        Program.builder(
                List.of(
                    "unshare",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    "sh",
                    "-c",
                    BEGIN))
            .redirectErrorStream(true)
            .start();
    String said = unshare.inputReader().readLine();
    if (!"ready".equals(said)) {
      throw new AssertionError("no machine of its own: " + said);
    }
    long first = unshare.children().findFirst().orElseThrow().pid();
    return new IsolatedMachine(unshare, first);
  }

  /** The words before a command that runs here. */
  List<String> prefix() {
    return List.of("nsenter", "--target", Long.toString(first), "--net", "--mount", "--pid", "--");
  }

  /**
   * A Python program here, under these rights, that ends with its being closed: nsenter forks, and
   * what it forked does not end with it by itself.
   */
  Program.Python hold(List<String> as, String script) throws IOException {
    List<String> command = new ArrayList<>(prefix());
    command.addAll(as.isEmpty() ? List.of("setpriv") : as);
    command.addAll(List.of("--pdeathsig", "KILL"));
    return Program.Python.start(command, script);
  }

  Program.Ended run(String... command) throws IOException, InterruptedException {
    List<String> inside = new ArrayList<>(prefix());
    inside.addAll(Arrays.asList(command));
    return Program.run(inside);
  }

  @Override
  public void close() {
    Program.end(unshare);
  }
}
