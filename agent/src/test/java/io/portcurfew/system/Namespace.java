package io.portcurfew.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of the test's own, with its loopback up. */
final class Namespace implements AutoCloseable {

  private static final AtomicInteger CREATED = new AtomicInteger();

  private final String name;

  private Namespace(String name) {
    this.name = name;
  }

  /** Makes one with a name of its own: that of a test that failed may still be there. */
  static Namespace create(String suffix) throws IOException, InterruptedException {
    Requirement.root();
    Requirement.program("ip");
    long pid = ProcessHandle.current().pid();
    String name = "pctest-" + pid + "-" + suffix + CREATED.incrementAndGet();
    Program.must("ip", "netns", "add", name);
    Namespace namespace = new Namespace(name);
    Program.must("ip", "-n", name, "link", "set", "lo", "up");
    return namespace;
  }

  String name() {
    return name;
  }

  /** The words before a command that runs here. */
  List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  Program.Ended run(String... command) throws IOException, InterruptedException {
    List<String> inside = new ArrayList<>(prefix());
    inside.addAll(Arrays.asList(command));
    return Program.run(inside);
  }

  /** Joins this namespace and another by a cable: 10.61.1.1 here, 10.61.1.2 there. */
  void connect(Namespace other) throws IOException, InterruptedException {
    Program.must(
        "ip",
        "link",
        "add",
        "pc0",
        "netns",
        name,
        "type",
        "veth",
        "peer",
        "name",
        "pc1",
        "netns",
        other.name);
    up(name, "pc0", "10.61.1.1/24");
    up(other.name, "pc1", "10.61.1.2/24");
  }

  private static void up(String namespace, String device, String address)
      throws IOException, InterruptedException {
    Program.must("ip", "-n", namespace, "address", "add", address, "dev", device);
    Program.must("ip", "-n", namespace, "link", "set", device, "up");
  }

  @Override
  public void close() throws IOException {
    try {
      Program.must("ip", "netns", "delete", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
