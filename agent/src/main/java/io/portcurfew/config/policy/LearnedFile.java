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

/**
 * A file of rules that were learnt from a host, known by its first line. It is read and included
 * like any other, and the program may write it anew.
 */
public final class LearnedFile {

  /** The most bytes that a file of a policy may have. */
  public static final int MOST = SourceText.MOST;

  private static final String FIRST_REMARK = "Baseline learnt by portcurfew.";
  private static final byte[] FIRST_LINE = ("# " + FIRST_REMARK).getBytes(StandardCharsets.UTF_8);

  private LearnedFile() {}

  /**
   * The text of such a file; every line ends with a newline.
   *
   * @param remarks lines that go before the rules as comments; fit to be shown as they are
   */
  public static String text(List<Rule> rules, List<String> remarks) {
    List<String> all = new ArrayList<>(List.of(FIRST_REMARK));
    all.addAll(remarks);
    return PolicyText.included(rules, all);
  }

  static boolean isOne(byte[] text) {
    return text.length >= FIRST_LINE.length
        && Arrays.equals(text, 0, FIRST_LINE.length, FIRST_LINE, 0, FIRST_LINE.length);
  }

  /**
   * Whether there is such a file.
   *
   * @throws IOException where it cannot be read
   */
  public static boolean isAt(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return isOne(in.readNBytes(FIRST_LINE.length));
    }
  }

  /** The rules of the file, or every problem with it. */
  public static ReadResult<List<Rule>> read(Path file) {
    List<Problem> problems = new ArrayList<>();
    Optional<PolicyFiles.Whole> whole =
        PolicyFiles.read(new ConfigSource.OnDisk(file), new ReadFiles(), problems);
    return whole.isPresent() && problems.isEmpty()
        ? new ReadResult.Good<>(whole.get().policy().rules())
        : new ReadResult.Bad<>(problems);
  }
}
