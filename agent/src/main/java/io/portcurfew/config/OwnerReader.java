package io.portcurfew.config;

import io.portcurfew.judge.OwnerTerm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads who may listen: a list of executables and users. */
final class OwnerReader {

  static final List<String> KEYS = List.of("executable", "user");

  private static final String FORGED =
      "a process chooses its own name, so a name proves nothing; use executable";
  private static final Map<String, String> ADVICE =
      Map.of(
          "name", FORGED, "process", FORGED, "command", FORGED, "comm", FORGED, "program", FORGED);
  private static final String EXPECTED = "a list like [{executable: /usr/sbin/sshd, user: root}]";
  private static final Pattern ABSOLUTE = Pattern.compile("/.*|[A-Za-z]:\\\\.*");

  /** The kernel tells paths without these, so one that holds them would match nothing. */
  private static final Pattern NEVER_SEEN = Pattern.compile(".*(?://|/\\.\\.?(?:/.*)?|/)");

  private static final Pattern USER = Pattern.compile("(?![0-9]+$)[^\\s:/]{1,256}");

  private OwnerReader() {}

  static List<OwnerTerm> read(Field field) {
    return field
        .list(EXPECTED)
        .map(items -> Distinct.read(items, OwnerReader::readOne))
        .orElse(List.of());
  }

  private static Optional<OwnerTerm> readOne(Field field) {
    return Section.of(field, KEYS, ADVICE).flatMap(section -> readOne(field, section));
  }

  private static Optional<OwnerTerm> readOne(Field field, Section section) {
    Optional<Field> executable = section.optional("executable");
    Optional<Field> user = section.optional("user");
    if (executable.isEmpty() && user.isEmpty()) {
      field.wrong("this names no owner", section.keysThere(), "executable, user, or both", null);
      return Optional.empty();
    }
    return Optional.of(
        new OwnerTerm(
            executable.flatMap(OwnerReader::executable).orElse(null),
            user.flatMap(OwnerReader::user).orElse(null)));
  }

  private static Optional<String> executable(Field field) {
    String expected = "the whole path of the file, like /usr/sbin/sshd";
    Optional<String> text = TextReader.line(field, 4096, expected);
    if (text.isPresent() && !ABSOLUTE.matcher(text.get()).matches()) {
      field.wrong("the path is not absolute", expected);
    } else if (text.isPresent() && NEVER_SEEN.matcher(text.get()).matches()) {
      field.wrong("no file is ever seen under such a path", expected);
    }
    return text;
  }

  private static Optional<String> user(Field field) {
    String expected = "the name of a user, like postgres";
    return TextReader.line(field, 256, expected)
        .filter(
            text -> {
              boolean fits = USER.matcher(text).matches();
              if (!fits) {
                field.wrong("this is not the name of a user", expected);
              }
              return fits;
            });
  }
}
