package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.config.yaml.UniqueNames;
import io.portcurfew.config.yaml.VisibleText;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy file and those that it includes, each in place before the rules of the file that
 * includes it.
 */
public final class PolicyFiles {

  /** How many files deep an include may lead. */
  static final int MOST_DEPTH = 5;

  static final int MOST_FILES = 64;

  /** In hexadecimal digits. */
  private static final int DIGEST = 16;

  /** What was read: the policy, and where it comes from. */
  public record Whole(Policy policy, PolicyOrigin origin) {}

  private final List<Problems> told = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private final List<PlacedRule> rules = new ArrayList<>();
  private final List<Rule> learnt = new ArrayList<>();
  private final UniqueNames names = new UniqueNames();
  private final MessageDigest digest = sha256();

  private final ReadFiles touched;

  private PolicyFiles(ReadFiles touched) {
    this.touched = touched;
  }

  /** Reads the policy of this source; adds what is wrong, file by file. */
  public static Optional<Whole> read(ConfigSource source, ReadFiles touched, List<Problem> into) {
    PolicyFiles files = new PolicyFiles(touched);
    Problems problems = files.begin(source.name());
    Optional<Whole> whole =
        source
            .read(problems)
            .flatMap(text -> files.whole(source.name(), source.folder(), text, problems));
    into.addAll(files.problems());
    return whole;
  }

  /**
   * Reads a policy of which the bytes are at hand.
   *
   * @param name how problems name the file
   * @param folder where its includes are; {@code null} where it can have none
   */
  public static ReadResult<Whole> read(String name, @Nullable Path folder, byte[] text) {
    PolicyFiles files = new PolicyFiles(new ReadFiles());
    Optional<Whole> whole = files.whole(name, folder, text, files.begin(name));
    List<Problem> problems = files.problems();
    return whole.isPresent() && problems.isEmpty()
        ? new ReadResult.Good<>(whole.get())
        : new ReadResult.Bad<>(problems);
  }

  private Problems begin(String name) {
    Problems problems = new Problems(name, touched);
    told.add(problems);
    return problems;
  }

  private List<Problem> problems() {
    return told.stream().flatMap(file -> file.inOrder().stream()).toList();
  }

  private Optional<Whole> whole(
      String name, @Nullable Path folder, byte[] text, Problems problems) {
    PolicyFile top = folder == null ? null : top(name, folder);
    Optional<PolicyReader> reader = PolicyReader.ofPolicy(text, problems);
    reader.ifPresent(read -> read(read, top, text));
    return reader.map(read -> new Whole(read.policy(rules), origin(name)));
  }

  private PolicyFile top(String name, Path folder) {
    Path path = folder.toAbsolutePath().normalize().resolve(Path.of(name).getFileName());
    files.add(path);
    return new PolicyFile(name, path, List.of());
  }

  private void read(PolicyReader reader, @Nullable PolicyFile file, byte[] text) {
    digest.update(text);
    reader.includes().forEach(field -> include(field, file));
    int before = rules.size();
    reader.rules(names, rules);
    if (LearnedFile.isOne(text)) {
      rules.subList(before, rules.size()).forEach(placed -> learnt.add(placed.rule()));
    }
  }

  private void include(Field field, @Nullable PolicyFile from) {
    if (from == null) {
      field.wrong("the policy that travels in the program includes nothing", "no include");
      return;
    }
    from.included(field, files)
        .ifPresent(
            target -> {
              files.add(target.path());
              bytes(field, target).ifPresent(text -> included(target, text));
            });
  }

  private void included(PolicyFile target, byte[] text) {
    PolicyReader.ofIncluded(text, begin(target.name()))
        .ifPresent(reader -> read(reader, target, text));
  }

  /** That a file cannot be read is told where it is named. */
  private Optional<byte[]> bytes(Field field, PolicyFile target) {
    Problems unread = new Problems(target.name(), touched);
    Optional<byte[]> bytes = new ConfigSource.OnDisk(target.path()).read(unread);
    unread.inOrder().forEach(problem -> field.wrong(problem.what(), problem.expected()));
    return bytes;
  }

  private PolicyOrigin origin(String name) {
    String hex = HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST);
    return new PolicyOrigin(VisibleText.name(name), List.copyOf(files), hex, rules, learnt);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
