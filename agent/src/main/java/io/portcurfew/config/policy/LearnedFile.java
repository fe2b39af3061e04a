package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.config.yaml.SourceText;
import io.portcurfew.policy.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of rules that were learned from a host, recognized by its first line. It is included like
 * any other policy file, and the program may overwrite it.
 */
public final class LearnedFile {

  /** The largest policy file, in bytes. */
  public static final int MOST = SourceText.MOST;

  private static final String FIRST_REMARK = "Baseline learned by portcurfew.";

  /** The first remark of version 0.1.0. */
  private static final String OLD_FIRST_REMARK = "Baseline learnt by portcurfew.";

  private static final List<byte[]> FIRST_LINES =
      Stream.of(FIRST_REMARK, OLD_FIRST_REMARK)
          .map(remark -> ("# " + remark).getBytes(StandardCharsets.UTF_8))
          .toList();

  private static final int LONGEST_FIRST_LINE =
      FIRST_LINES.stream().mapToInt(line -> line.length).max().orElseThrow();

  private LearnedFile() {}

  /**
   * The text of a learned file; every line ends with a newline.
   *
   * @param remarks comment lines before the rules; safe to show
   */
  public static String text(List<Rule> rules, List<String> remarks) {
    List<String> all = new ArrayList<>(List.of(FIRST_REMARK));
    all.addAll(remarks);
    return PolicyText.included(rules, all);
  }

  static boolean isLearned(byte[] text) {
    return FIRST_LINES.stream()
        .anyMatch(
            line ->
                text.length >= line.length
                    && Arrays.equals(text, 0, line.length, line, 0, line.length));
  }

  /**
   * True if a learned file exists at a path.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean isAt(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return isLearned(in.readNBytes(LONGEST_FIRST_LINE));
    }
  }

  /** The rules of the file, or all its problems. */
  public static ReadResult<List<Rule>> read(Path file) {
    List<Problem> problems = new ArrayList<>();
    Optional<PolicyFiles.ReadPolicy> policy =
        PolicyFiles.read(new ConfigSource.OnDisk(file), new ReadFiles(), problems);
    return policy.isPresent() && problems.isEmpty()
        ? new ReadResult.Good<>(policy.get().policy().rules())
        : new ReadResult.Bad<>(problems);
  }
}
