package io.portcurfew.config.receivers;

import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.NumberReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.receivers.FileSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the settings of a file receiver: its path, its size and the number of older files. */
final class FileSettingsReader {

  static final List<String> KEYS = List.of("path", "format", "max_mib", "keep");

  private static final ChoiceReader<MessageForm> FORMAT =
      ChoiceReader.of("ecs", MessageForm.USUAL, "ocsf", MessageForm.OCSF);
  private static final NumberReader MIB = new NumberReader(1, 1024);
  private static final NumberReader KEEP = new NumberReader(1, 100);
  private static final String PATH = "the absolute path of a file, like /var/log/alerts.json";

  private FileSettingsReader() {}

  public static Optional<FileSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE).flatMap(FileSettingsReader::read);
  }

  private static Optional<FileSettings> read(Section section) {
    Optional<Path> path = section.required("path").flatMap(FileSettingsReader::path);
    MessageForm form = section.optional("format").flatMap(FORMAT::read).orElse(MessageForm.USUAL);
    int mib = section.optional("max_mib").flatMap(MIB::read).orElse(16);
    int keep = section.optional("keep").flatMap(KEEP::read).orElse(5);
    return path.map(file -> new FileSettings(file, form, (long) mib << 20, keep));
  }

  private static Optional<Path> path(Field field) {
    return PathReader.absolute(field, PATH)
        .map(Path::normalize)
        .filter(
            path -> {
              boolean isFile = path.getFileName() != null;
              if (!isFile) {
                field.wrong("the path does not name a file", PATH);
              }
              return isFile;
            });
  }
}
