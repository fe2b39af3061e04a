package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.system.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Programs that listen, and the owner that a look shows. */
final class LiveOwner {

  private LiveOwner() {}

  /** The owner of the listener at this port, in whichever namespace. */
  static Owner look(LinuxSource source, int port) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .flatMap(one -> one.owners().stream())
        .findFirst()
        .orElseThrow();
  }

  /** A program of its own that everybody may run. */
  static Path copyOfPython(Path to) throws Exception {
    Path python = Path.of("/usr/bin/python3").toRealPath();
    Path copy = Files.copy(python, to, StandardCopyOption.REPLACE_EXISTING);
    run("chmod", "755", to.toString());
    return copy;
  }

  static void run(String program, String... words) throws Exception {
    Tool.Result result = Tool.run(program, words);
    assertThat(result.status()).as(result.output()).isZero();
  }
}
