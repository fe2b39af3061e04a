package io.portcurfew.config.receivers;

import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.GuardedFile;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.notify.receivers.CommandSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the command of a receiver. A program that other users can replace is refused. */
final class CommandReader {

  static final List<String> KEYS = List.of("run");

  private static final int MOST_ARGUMENTS = 64;
  private static final int LONGEST = 4096;
  private static final String COMMAND =
      "a list of the absolute path of a program and its arguments, like [/usr/local/bin/page, ops]";
  private static final String PROGRAM = "the absolute path of an executable program";

  private CommandReader() {}

  static Optional<CommandSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> section.required("run"))
        .flatMap(run -> command(run, timeout));
  }

  private static Optional<CommandSettings> command(Field run, Duration timeout) {
    List<Field> items = run.list(COMMAND).orElse(List.of());
    if (items.size() > MOST_ARGUMENTS) {
      run.wrong("too many arguments", "" + items.size(), "at most " + MOST_ARGUMENTS, null);
    }
    if (items.isEmpty() || items.size() > MOST_ARGUMENTS) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (Field item : items.subList(1, items.size())) {
      TextReader.line(item, LONGEST, "an argument, in one line").ifPresent(arguments::add);
    }
    Field first = items.get(0);
    return PathReader.absolute(first, PROGRAM)
        .filter(program -> isValid(first, program))
        .map(program -> new CommandSettings(program, arguments, timeout));
  }

  private static boolean isValid(Field field, Path program) {
    try {
      field.problems().reads(program);
      GuardedFile.Content content = GuardedFile.read(program, 0, FileTrust.OF_THIS_PROCESS);
      content
          .complaints()
          .forEach(why -> field.wrong(why.what(), why.found(), why.expected(), null));
      boolean executable = Files.isExecutable(program);
      if (content.bytes().isPresent() && !executable) {
        field.wrong("the file is not executable", PROGRAM);
      }
      return content.bytes().isPresent() && executable;
    } catch (IOException e) {
      field.wrong("the program " + FileErrorText.of(e), PROGRAM);
      return false;
    }
  }
}
