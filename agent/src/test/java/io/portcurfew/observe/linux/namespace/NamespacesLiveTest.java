package io.portcurfew.observe.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class NamespacesLiveTest {

  private static final String NAME = "portcurfew-" + ProcessHandle.current().pid();
  private static final String IP = "/usr/sbin/ip";
  private static final String SCRIPT = "s = tcp('0.0.0.0', 611); ready(611)";
  private static final List<String> INSIDE =
      List.of(IP, "netns", "exec", NAME, PythonProcess.PYTHON.toString());

  private boolean made;
  private final LinuxSource source = PatientSource.ofHost();

  @BeforeEach
  void make() throws Exception {
    boolean has = Files.isExecutable(Path.of(IP));
    if (has) {
      // A test that failed may have left it.
      ip("netns", "del", NAME);
    }
    made = has && ip("netns", "add", NAME) == 0;
    Requirement.that(made, "a network namespace of its own: root and iproute2");
  }

  @AfterEach
  void remove() throws Exception {
    source.close();
    if (made) {
      ip("netns", "del", NAME);
    }
  }

  private static int ip(String... words) throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder(IP).redirectErrorStream(true);
    command.command().addAll(List.of(words));
    Process process = command.start();
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  private Optional<Listener> in(String namespace) throws InterruptedException {
    View view = source.look();
    assertThat(PatientSource.hiding(view, "host", namespace)).isEmpty();
    return view.listeners().stream()
        .filter(listener -> listener.endpoint().namespace().equals(namespace))
        .filter(listener -> listener.endpoint().port() == 611)
        .findFirst();
  }

  @Test
  void listenerInANamedNamespace_isSeenWithItsOwner() throws Exception {
    assertThat(in(NAME)).isEmpty();
    try (PythonProcess python = PythonProcess.run(INSIDE, SCRIPT)) {
      Daemon.until("the listener is seen", () -> in(NAME).isPresent());
      assertThat(in(NAME).orElseThrow().owners())
          .singleElement()
          .satisfies(owner -> assertThat(owner.pid()).isEqualTo(python.pid()));
      assertThat(in("host")).isEmpty();
    }
    assertThat(in(NAME)).isEmpty();
  }

  @Test
  void namespaceWithoutName_isSeenThroughItsProcess() throws Exception {
    List<String> unshared = List.of("/usr/bin/unshare", "-n", PythonProcess.PYTHON.toString());
    String name;
    try (PythonProcess python = PythonProcess.run(unshared, SCRIPT)) {
      List<Listener> seen =
          source.look().listeners().stream()
              .filter(one -> one.owners().stream().anyMatch(o -> o.pid() == python.pid()))
              .toList();
      assertThat(seen).hasSize(1);
      name = seen.get(0).endpoint().namespace();
      assertThat(name).isNotEqualTo("host");
    }
    assertThat(source.look().listeners())
        .noneMatch(listener -> listener.endpoint().namespace().equals(name));
  }

  @Test
  void agentKeepsNoNamespaceAlive() throws Exception {
    Path root = Path.of("/");
    ProcessList processes = new ProcessList(new ProcFs(root));
    NamespaceEntry entrance = new NamespaceEntry("sock_diag", root);
    try (Namespaces all = new Namespaces("sock_diag", processes, entrance)) {
      all.refresh(new ArrayList<>(), socket -> false);
      NetworkNamespace namespace =
          all.all().stream().filter(one -> one.name().equals(NAME)).findFirst().orElseThrow();
      assertThat(
              namespace.tables().look("sock_diag", 1_000, NamespaceTables.SinceLook.UNKNOWN).gaps())
          .isEmpty();
      assertThat(ip("netns", "del", NAME)).isZero();
      made = false;
      all.refresh(new ArrayList<>(), socket -> false);
      assertThat(all.all()).doesNotContain(namespace);
      assertThat(all.changed()).isTrue();
    }
  }

  @Test
  void namespaceIsClosedWithItsLastProcess() throws Exception {
    List<Endpoint> before = new ArrayList<>();
    try (PythonProcess python = PythonProcess.run(INSIDE, SCRIPT)) {
      Daemon.until("the listener is seen", () -> in(NAME).isPresent());
      before.add(in(NAME).orElseThrow().endpoint());
      assertThat(ip("netns", "del", NAME)).isZero();
      made = false;
      List<Listener> after =
          source.look().listeners().stream()
              .filter(one -> one.owners().stream().anyMatch(o -> o.pid() == python.pid()))
              .toList();
      assertThat(after).as("the process is in it still, and names it now").isNotEmpty();
      after.forEach(one -> before.add(one.endpoint()));
    }
    assertThat(source.look().listeners())
        .extracting(Listener::endpoint)
        .doesNotContainAnyElementsOf(before);
  }
}
