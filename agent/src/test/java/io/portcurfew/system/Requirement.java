package io.portcurfew.system;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A requirement of a test. Without it the test is skipped with a message on a user's machine, and
 * fails where {@code CI=true}.
 */
public final class Requirement {

  private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

  private Requirement() {}

  /** Root, for namespaces and low ports. */
  public static void root() {
    that("root".equals(System.getProperty("user.name")), "root");
  }

  /** A program in one of the usual folders. */
  public static void program(String name) {
    that(
        Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
        "the program " + name);
  }

  /** Something that the test has looked for itself, in words. */
  public static void that(boolean there, String what) {
    if (there) {
      return;
    }
    if ("true".equals(System.getenv("CI"))) {
      fail("CI has to provide " + what);
    }
    if (MISSING.add(what)) {
      System.out.println("Tests that need " + what + " are skipped.");
    }
    abort("skipped: this test needs " + what);
  }
}
