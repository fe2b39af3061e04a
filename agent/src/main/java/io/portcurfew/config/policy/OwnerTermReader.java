package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads who may listen: a list of owners, each with what has to be true of it. */
final class OwnerTermReader {

  static final List<String> KEYS =
      List.of("executable", "user", "unit", "container", "sha256", "package");

  private static final String FORGED =
      "a process chooses its own name, so a name proves nothing; use executable";
  private static final Map<String, String> ADVICE =
      Stream.of("name", "process", "comm", "command", "program", "process_name", "cmdline")
          .collect(Collectors.toUnmodifiableMap(key -> key, key -> FORGED));
  private static final String EXPECTED = "a list like [{executable: /usr/sbin/sshd, user: root}]";
  private static final String EXECUTABLE =
      "the whole path of the file, like /usr/sbin/sshd, or a pattern like /opt/*/bin/server";
  private static final String WHOLE_PATH = "the whole path of the file, like /usr/sbin/sshd";
  private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:\\\\.*");

  /** The kernel tells paths without these, so one that holds them would match nothing. */
  private static final Pattern NEVER_SEEN = Pattern.compile(".*(?://|/\\.\\.?(?:/.*)?|/)");

  private static final Words USER =
      new Words(
          Pattern.compile("(?![0-9]+$)[^\\s:/]{1,256}"),
          "this is not the name of a user",
          "the name of a user, like postgres");
  private static final Words UNIT =
      new Words(
          Pattern.compile("[^\\s/]+\\.(?:service|scope)(?:/[^\\s/]+\\.(?:service|scope))?"),
          "this is not the name of a systemd unit",
          "a service or a scope as scan shows it, like postgresql.service");
  private static final Words CONTAINER =
      new Words(
          Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*"),
          "this is not the id of a container",
          "its id as scan shows it, or at least its first 12 digits");
  private static final Words SHA256 =
      new Words(
          Pattern.compile("[0-9a-f]{64}"),
          "this is not a SHA-256",
          "64 of 0-9 and a-f, as sha256sum prints them");
  private static final Words PACKAGE =
      new Words(
          Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._:@/-]*"),
          "this is not the name of a package",
          "the name of a package, like openssh-server");

  private static final Map<String, Words> WORDS =
      Map.of(
          "user", USER, "unit", UNIT, "container", CONTAINER, "sha256", SHA256, "package", PACKAGE);

  private OwnerTermReader() {}

  /** Text of a form of its own. */
  private record Words(Pattern form, String wrong, String expected) {

    Optional<String> read(Section owner, String key) {
      return owner.optional(key).flatMap(this::read);
    }

    Optional<String> read(Field field) {
      return TextReader.line(field, 256, expected).filter(text -> fits(field, text));
    }

    private boolean fits(Field field, String text) {
      boolean fits = form.matcher(text).matches();
      if (!fits) {
        field.wrong(wrong, expected);
      }
      return fits;
    }
  }

  static List<OwnerTerm> read(Field field) {
    return field
        .list(EXPECTED)
        .map(items -> DistinctItems.read(items, OwnerTermReader::readOne))
        .orElse(List.of());
  }

  private static Optional<OwnerTerm> readOne(Field field) {
    return Section.of(field, KEYS, ADVICE).flatMap(section -> readOne(field, section));
  }

  /** What is seen of an owner, by the key that asks for it; no pattern. */
  static Optional<String> fact(String key, Field field) {
    Words words = WORDS.get(key);
    return words != null
        ? words.read(field)
        : TextReader.line(field, 4096, WHOLE_PATH).filter(path -> isPath(field, path));
  }

  private static boolean isPath(Field field, String path) {
    Optional<String> wrong = whyNeverSeen(path);
    wrong.ifPresent(why -> field.wrong(why, WHOLE_PATH));
    return wrong.isEmpty();
  }

  private static Optional<OwnerTerm> readOne(Field field, Section section) {
    if (KEYS.stream().noneMatch(key -> section.optional(key).isPresent())) {
      field.wrong(
          "this names no owner",
          section.keysThere(),
          "one or more of " + String.join(", ", KEYS),
          null);
      return Optional.empty();
    }
    Optional<Field> executable = section.optional("executable");
    return Optional.of(
        new OwnerTerm(
            executable.flatMap(OwnerTermReader::executable).map(PathPattern::new).orElse(null),
            USER.read(section, "user").orElse(null),
            UNIT.read(section, "unit").orElse(null),
            CONTAINER.read(section, "container").orElse(null),
            SHA256.read(section, "sha256").orElse(null),
            PACKAGE.read(section, "package").orElse(null)));
  }

  private static Optional<String> executable(Field field) {
    Optional<String> text = TextReader.line(field, 4096, EXECUTABLE);
    text.flatMap(OwnerTermReader::whyNoPath).ifPresent(why -> field.wrong(why, EXECUTABLE));
    return text;
  }

  private static Optional<String> whyNeverSeen(String text) {
    if (!ABSOLUTE.matcher(text).matches()) {
      return Optional.of("the path is not absolute");
    }
    return NEVER_SEEN.matcher(text).matches()
        ? Optional.of("no file is ever seen under such a path")
        : Optional.empty();
  }

  private static Optional<String> whyNoPath(String text) {
    Optional<String> neverSeen = whyNeverSeen(text);
    if (neverSeen.isPresent()) {
      return neverSeen;
    }
    PathPattern pattern = new PathPattern(text);
    if (!pattern.isWellFormed()) {
      return Optional.of("** stands only for whole segments of a path, as in /opt/**/server");
    }
    return pattern.isWild() && !text.startsWith("/")
        ? Optional.of("a pattern works only on paths that begin with /")
        : Optional.empty();
  }
}
