package io.portcurfew.config.web;

import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.GuardedFile;
import io.portcurfew.config.files.GuardedFile.Content;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a PEM text that stands in the file ({@code cert}) or in another one ({@code cert_file}).
 */
final class PemSource {

  private static final int MOST = 1 << 20;
  private static final String FILE = "the path of a file in PEM";

  private final Section section;
  private final Path folder;

  /** A PEM text and the key that named it. */
  record Pem(Field field, String text) {}

  /**
   * @param folder the folder of relative paths
   */
  PemSource(Section section, Path folder) {
    this.section = section;
    this.folder = folder;
  }

  /** The text of a key that must be there. */
  Optional<Pem> required(String key, boolean isSecret) {
    if (section.optional(key).isEmpty()) {
      section.required(key + "_file");
    }
    return optional(key, isSecret);
  }

  /** The text of a key; empty, without a problem, if neither form is there. */
  Optional<Pem> optional(String key, boolean isSecret) {
    Optional<Field> inline = section.optional(key);
    Optional<Field> file = section.optional(key + "_file");
    if (inline.isPresent() && file.isPresent()) {
      inline.get().wrong("both are given", key + " and " + key + "_file", "one of them", null);
      return Optional.empty();
    }
    if (inline.isPresent()) {
      Field field = inline.get();
      return field.scalar("a text in PEM").map(scalar -> new Pem(field, scalar.text()));
    }
    return file.flatMap(field -> read(field, isSecret));
  }

  private Optional<Pem> read(Field field, boolean isSecret) {
    Optional<Path> path = PathReader.any(field, FILE).map(folder::resolve);
    try {
      return path.isEmpty() ? Optional.empty() : read(field, path.get(), isSecret);
    } catch (IOException e) {
      field.wrong("the file " + FileErrorText.of(e), FILE);
      return Optional.empty();
    }
  }

  private static Optional<Pem> read(Field field, Path file, boolean isSecret) throws IOException {
    field.problems().reads(file);
    Content content = GuardedFile.read(file, MOST, FileTrust.OF_THIS_PROCESS);
    content.complaints().forEach(why -> field.wrong(why.what(), why.found(), why.expected(), null));
    if (isSecret && content.openToOthers()) {
      field.wrong(
          "other users can access the key file; run chmod o= on it",
          "a file that only its user and group can read");
      return Optional.empty();
    }
    return content
        .bytes()
        .map(bytes -> new Pem(field, new String(bytes, StandardCharsets.ISO_8859_1)));
  }
}
