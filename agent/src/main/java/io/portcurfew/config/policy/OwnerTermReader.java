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

/** Reads the owners that may listen: a list of terms, each with facts that an owner must have. */
final class OwnerTermReader {

  static final List<String> KEYS =
      List.of("executable", "script", "user", "unit", "container", "sha256", "package", "kernel");

  private static final String FORGED =
      "a process chooses its own name, so the name proves nothing; use executable";
  private static final Map<String, String> ADVICE =
      Stream.of("name", "process", "comm", "command", "program", "process_name", "cmdline")
          .collect(Collectors.toUnmodifiableMap(key -> key, key -> FORGED));
  private static final String EXPECTED = "a list like [{executable: /usr/sbin/sshd, user: root}]";
  private static final String EXECUTABLE =
      "the absolute path of the file, like /usr/sbin/sshd, or a pattern like /opt/*/bin/server";
  private static final String SCRIPT =
      "the absolute path of the script, like /srv/app/server.py, or a pattern";
  private static final String ABSOLUTE_PATH = "the absolute path of the file, like /usr/sbin/sshd";
  private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:\\\\.*");

  /** Parts that no path of the kernel contains, so that such a term would never match. */
  private static final Pattern NOT_CANONICAL = Pattern.compile(".*(?://|/\\.\\.?(?:/.*)?|/)");

  private static final FactForm USER =
      new FactForm(
          Pattern.compile("(?![0-9]+$)[^\\s:/]{1,256}"),
          "not a user name",
          "a user name like postgres");
  private static final FactForm UNIT =
      new FactForm(
          Pattern.compile("[^\\s/]+\\.(?:service|scope|socket)(?:/[^\\s/]+\\.(?:service|scope))?"),
          "not the name of a systemd unit",
          "a service, a scope or a socket unit as shown by scan, like postgresql.service");
  private static final FactForm CONTAINER =
      new FactForm(
          ContainerTermReader.ID,
          "not the id or name of a container",
          "a container id as shown by scan, or a name like web-1");
  private static final FactForm NAME =
      new FactForm(Pattern.compile("\\S+"), "not a name without spaces", "a name like shop");
  private static final FactForm SHA256 =
      new FactForm(
          Pattern.compile("[0-9a-f]{64}"),
          "not a SHA-256",
          "64 of 0-9 and a-f, as printed by sha256sum");
  private static final FactForm PACKAGE =
      new FactForm(
          Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._:@/-]*"),
          "not a package name",
          "a package name like openssh-server");

  private static final FactForm KERNEL =
      new FactForm(
          Pattern.compile("[a-z][a-z0-9_]{0,31}"),
          "not the name of a module of the kernel",
          "a module as shown by scan, like vxlan, geneve, wireguard, gtp, nfsd or lockd");

  private static final Map<String, FactForm> FORMS =
      Map.of(
          "user",
          USER,
          "unit",
          UNIT,
          "container",
          CONTAINER,
          "sha256",
          SHA256,
          "package",
          PACKAGE,
          "image",
          NAME,
          "project",
          NAME,
          "service",
          NAME,
          "pod",
          NAME);

  private OwnerTermReader() {}

  /** The form of one fact, and the text of its problem. */
  private record FactForm(Pattern form, String wrong, String expected) {

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

  /** Reads one fact of an owner by its policy key; patterns are refused. */
  static Optional<String> fact(String key, Field field) {
    FactForm form = FORMS.get(key);
    return form != null
        ? form.read(field)
        : TextReader.line(field, 4096, ABSOLUTE_PATH).filter(path -> isPath(field, path));
  }

  private static boolean isPath(Field field, String path) {
    Optional<String> wrong = problemOfPath(path);
    wrong.ifPresent(why -> field.wrong(why, ABSOLUTE_PATH));
    return wrong.isEmpty();
  }

  private static Optional<OwnerTerm> readOne(Field field, Section section) {
    if (KEYS.stream().noneMatch(key -> section.optional(key).isPresent())) {
      field.wrong(
          "the term has no facts about an owner",
          section.presentKeys(),
          "one or more of " + String.join(", ", KEYS),
          null);
      return Optional.empty();
    }
    Optional<Field> executable = section.optional("executable");
    Optional<Field> kernel = section.optional("kernel");
    if (kernel.isPresent()) {
      return ofKernel(section, kernel.get());
    }
    return Optional.of(
        new OwnerTerm(
            executable.flatMap(path -> path(path, EXECUTABLE)).orElse(null),
            USER.read(section, "user").orElse(null),
            UNIT.read(section, "unit").orElse(null),
            section.optional("container").flatMap(ContainerTermReader::read).orElse(null),
            SHA256.read(section, "sha256").orElse(null),
            PACKAGE.read(section, "package").orElse(null),
            null,
            section.optional("script").flatMap(path -> path(path, SCRIPT)).orElse(null)));
  }

  private static Optional<OwnerTerm> ofKernel(Section section, Field kernel) {
    if (KEYS.stream().filter(key -> section.optional(key).isPresent()).count() > 1) {
      kernel.wrong("the kernel is no process", "the key kernel alone, like {kernel: vxlan}");
      return Optional.empty();
    }
    return KERNEL.read(kernel).map(OwnerTerm::ofKernel);
  }

  private static Optional<PathPattern> path(Field field, String expected) {
    Optional<String> text = TextReader.line(field, 4096, expected);
    text.flatMap(OwnerTermReader::problemOfPattern).ifPresent(why -> field.wrong(why, expected));
    return text.map(PathPattern::new);
  }

  private static Optional<String> problemOfPath(String text) {
    if (!ABSOLUTE.matcher(text).matches()) {
      return Optional.of("the path is not absolute");
    }
    return NOT_CANONICAL.matcher(text).matches()
        ? Optional.of("the path is not canonical, so it never matches")
        : Optional.empty();
  }

  private static Optional<String> problemOfPattern(String text) {
    Optional<String> problem = problemOfPath(text);
    if (problem.isPresent()) {
      return problem;
    }
    PathPattern pattern = new PathPattern(text);
    if (!pattern.isWellFormed()) {
      return Optional.of("** matches only whole path segments, as in /opt/**/server");
    }
    return pattern.isWild() && !text.startsWith("/")
        ? Optional.of("a pattern must begin with /")
        : Optional.empty();
  }
}
