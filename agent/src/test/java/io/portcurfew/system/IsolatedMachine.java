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
      "ip link set lo up && mount -t tmpfs none /run && echo ready && exec sleep 3600";

  private final Process unshare;
  private final ProcessHandle first;

  private IsolatedMachine(Process unshare, ProcessHandle first) {
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
      ProcessEnd.kill(unshare);
      throw new AssertionError("no machine of its own: " + said);
    }
    return new IsolatedMachine(unshare, unshare.children().findFirst().orElseThrow());
  }

  /** The words before a command that runs here. */
  List<String> prefix() {
    String target = Long.toString(first.pid());
    return List.of("nsenter", "--target", target, "--net", "--mount", "--pid", "--");
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

  /**
   * Ends its first process: the kernel then kills all others here, and unshare(1) ends when they
   * have ended, so that none of them writes into a folder of the test any more.
   */
  @Override
  public void close() {
    first.destroyForcibly();
    ProcessEnd.await(unshare.pid());
    ProcessEnd.kill(unshare);
  }
}
