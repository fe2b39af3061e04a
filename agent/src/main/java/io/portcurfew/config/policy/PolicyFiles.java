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
 * Reads a policy file and its includes. The rules of an included file come before those of the
 * including file.
 */
public final class PolicyFiles {

  /** The deepest nesting of includes. */
  static final int MOST_DEPTH = 5;

  static final int MOST_FILES = 64;

  /** The length of the digest in hexadecimal digits. */
  private static final int DIGEST = 16;

  /** A policy and its origin. */
  public record ReadPolicy(Policy policy, PolicyOrigin origin) {}

  private final List<Problems> problemsByFile = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private final List<PlacedRule> rules = new ArrayList<>();
  private final List<Rule> learned = new ArrayList<>();
  private final UniqueNames names = new UniqueNames();
  private final MessageDigest digest = sha256();

  private final ReadFiles readFiles;

  private final @Nullable ConfigSource source;

  private PolicyFiles(@Nullable ConfigSource source, ReadFiles readFiles) {
    this.source = source;
    this.readFiles = readFiles;
  }

  /** Reads the policy of a source; adds the problems of each file. */
  public static Optional<ReadPolicy> read(
      ConfigSource source, ReadFiles readFiles, List<Problem> into) {
    PolicyFiles files = new PolicyFiles(source, readFiles);
    Problems problems = files.begin(source.name());
    Optional<ReadPolicy> policy =
        source
            .read(problems, readFiles.trust())
            .flatMap(text -> files.policy(source.name(), source.folder(), text, problems));
    into.addAll(files.problems());
    return policy;
  }

  /**
   * Reads a policy from its bytes.
   *
   * @param name the name of the file in problems
   * @param folder the folder of its includes; {@code null} if it cannot have any
   */
  public static ReadResult<ReadPolicy> read(String name, @Nullable Path folder, byte[] text) {
    PolicyFiles files = new PolicyFiles(null, new ReadFiles());
    Optional<ReadPolicy> policy = files.policy(name, folder, text, files.begin(name));
    List<Problem> problems = files.problems();
    return policy.isPresent() && problems.isEmpty()
        ? new ReadResult.Good<>(policy.get())
        : new ReadResult.Bad<>(problems);
  }

  private Problems begin(String name) {
    Problems problems = new Problems(name, readFiles::touch);
    problemsByFile.add(problems);
    return problems;
  }

  private List<Problem> problems() {
    return problemsByFile.stream().flatMap(file -> file.inOrder().stream()).toList();
  }

  private Optional<ReadPolicy> policy(
      String name, @Nullable Path folder, byte[] text, Problems problems) {
    PolicyFile top = folder == null ? null : top(name, folder);
    Optional<PolicyReader> reader = PolicyReader.ofPolicy(text, problems);
    reader.ifPresent(read -> read(read, top, text));
    return reader.map(read -> new ReadPolicy(read.policy(rules), origin(name)));
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
    if (LearnedFile.isLearned(text)) {
      rules.subList(before, rules.size()).forEach(placed -> learned.add(placed.rule()));
    }
  }

  private void include(Field field, @Nullable PolicyFile from) {
    if (from == null) {
      field.wrong("the shipped policy cannot include files", "no include");
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

  /** An unreadable file is a problem of the include that names it. */
  private Optional<byte[]> bytes(Field field, PolicyFile target) {
    Problems unread = new Problems(target.name(), readFiles::touch);
    ConfigSource file =
        source == null ? new ConfigSource.OnDisk(target.path()) : source.at(target.path());
    Optional<byte[]> bytes = file.read(unread, readFiles.trust());
    unread.inOrder().forEach(problem -> field.wrong(problem.what(), problem.expected()));
    return bytes;
  }

  private PolicyOrigin origin(String name) {
    String hex = HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST);
    return new PolicyOrigin(VisibleText.name(name), List.copyOf(files), hex, rules, learned);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
