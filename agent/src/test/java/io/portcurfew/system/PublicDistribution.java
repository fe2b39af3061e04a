package io.portcurfew.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The distribution where everybody may read and run it, and ways to run it with fewer rights. */
final class PublicDistribution {

  /** Nobody, without any right of root. */
  static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private static final String TWO = "=-all,+sys_ptrace,+dac_read_search";

  /** Nobody, with the two capabilities that the service unit gives. */
  static final List<String> WITH_TWO_CAPABILITIES =
      Stream.concat(
              AS_NOBODY.stream(),
              Stream.of("--inh-caps" + TWO, "--ambient-caps" + TWO, "--bounding-set" + TWO))
          .toList();

  private final String program;

  private PublicDistribution(String program) {
    this.program = program;
  }

  /** Copies it into this folder, wherever the build tree lies. */
  static PublicDistribution into(Path folder) throws Exception {
    Requirement.program("setpriv");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Program.must("cp", "-r", Program.HOME.toString(), folder.resolve("copy").toString());
    Program.must("chmod", "-R", "a+rX", folder.toString());
    return new PublicDistribution(folder.resolve("copy/bin/portcurfew").toString());
  }

  /** Runs it behind these commands. */
  Program.Ended run(List<String> where, List<String> as, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(where);
    command.addAll(as);
    command.add(program);
    command.addAll(List.of(arguments));
    return Program.run(command);
  }
}
