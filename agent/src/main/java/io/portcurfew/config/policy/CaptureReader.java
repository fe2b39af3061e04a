package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.GuardedFile;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.capture.CapturedSnapshot;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads the capture of a test: a file with the output of a native tool. */
final class CaptureReader {

  static final List<String> KEYS = List.of("file", "as");

  private static final ChoiceReader<Format> FORMAT =
      ChoiceReader.of(Format.values(), Format::label);
  private static final String EXPECTED = "a file with the output of the tool, like captures/web.ss";

  private CaptureReader() {}

  static Optional<Snapshot> read(Field field, ConfigSource testFile, Instant at) {
    return Section.of(field, KEYS).flatMap(section -> read(section, testFile, at));
  }

  private static Optional<Snapshot> read(Section section, ConfigSource testFile, Instant at) {
    Optional<byte[]> output = section.required("file").flatMap(file -> bytes(file, testFile));
    Optional<Format> format = section.required("as").flatMap(FORMAT::read);
    return output.flatMap(
        bytes -> format.map(printed -> CapturedSnapshot.snapshot(printed, bytes, at)));
  }

  private static Optional<byte[]> bytes(Field field, ConfigSource testFile) {
    return PathReader.any(field, EXPECTED)
        .flatMap(relative -> bytes(field, testFile.beside(relative), EXPECTED));
  }

  private static Optional<byte[]> bytes(Field field, ConfigSource capture, String expected) {
    try {
      if (capture instanceof ConfigSource.OnDisk disk) {
        field.problems().reads(disk.file());
      }
      GuardedFile.Content content = capture.content(CapturedSnapshot.MOST, FileTrust.ANYBODY);
      content.complaints().forEach(why -> field.wrong(why.what(), expected));
      return content.bytes();
    } catch (IOException e) {
      field.wrong(FileErrorText.ofFile(e), expected);
      return Optional.empty();
    }
  }
}
