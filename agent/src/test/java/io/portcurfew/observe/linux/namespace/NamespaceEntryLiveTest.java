package io.portcurfew.observe.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class NamespaceEntryLiveTest {

  private static final Path ROOT = Path.of("/");

  @Test
  void namespaceOfEndedProcess_hasItsOwnError() throws Exception {
    ProcessFolder member;
    try (PythonProcess python = PythonProcess.run("ready(1)")) {
      member = new ProcFs(ROOT).process(python.pid());
    }
    assertThat(member).isNotNull();
    NamespaceEntry entry = new NamespaceEntry("sock_diag", ROOT);
    try (NetworkNamespace namespace = NetworkNamespace.other(1, member, null, 0, entry)) {
      assertThatThrownBy(() -> entry.sockDiag(namespace))
          .isInstanceOf(KernelException.class)
          .message()
          .matches("opening it: (?:no such process \\(ESRCH\\)|does not exist \\(ENOENT\\))");
    }
  }
}
