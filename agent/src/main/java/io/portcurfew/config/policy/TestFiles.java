package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policytest.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads files of policy tests and the policies that they name. A test configures nothing, so any
 * owner is trusted: the checkout of a CI job may belong to anybody.
 */
public final class TestFiles {

  private TestFiles() {}

  /** Reads a test file, its policy and its captures. */
  public static ReadResult<TestFile> read(Path file) {
    return read(new ConfigSource.OnDisk(file), new ReadFiles(FileTrust.ANYBODY));
  }

  /**
   * Reads a test file, its policy and its captures.
   *
   * @param files records the files that it names
   */
  public static ReadResult<TestFile> read(ConfigSource source, ReadFiles files) {
    Problems problems = new Problems(source.name(), files::touch);
    Optional<byte[]> text = source.read(problems, files.trust());
    return text.isPresent()
        ? read(source, text.get(), files, problems)
        : problems.orGood(Optional.empty());
  }

  /**
   * Reads a test file from its bytes.
   *
   * @param file its path, the base of relative paths
   * @param files records the files that it names
   */
  public static ReadResult<TestFile> read(
      Path file, byte[] text, ReadFiles files, Problems problems) {
    return read(new ConfigSource.OnDisk(file), text, files, problems);
  }

  private static ReadResult<TestFile> read(
      ConfigSource source, byte[] text, ReadFiles files, Problems problems) {
    List<Problem> ofPolicy = new ArrayList<>();
    Optional<TestFile> read = new TestFileReader(source, files, ofPolicy).read(text, problems);
    List<Problem> all = new ArrayList<>(problems.inOrder());
    all.addAll(ofPolicy);
    return read.isPresent() && all.isEmpty()
        ? new ReadResult.Good<>(read.get())
        : new ReadResult.Bad<>(all);
  }
}
