package io.portcurfew.simulation;

import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Notification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The file of a receiver, into which another program writes too. */
final class SimulatedAlertFile {

  static final String RECEIVER = "lines";

  private final Path file;
  private final Set<String> ofTheOther = new HashSet<>();
  private int lines;

  SimulatedAlertFile(Path folder) {
    file = path(folder);
  }

  static Path path(Path folder) {
    return folder.resolve("alerts.json");
  }

  /** The other program locks the file, and writes a while later where the file ended before. */
  String writeBeside(Stepper threads, Duration later) {
    String line = "{\"other\":" + ++lines + "}";
    threads.start("other-writer", () -> append(line, threads, later));
    return "another program writes into the file of alerts";
  }

  private void append(String line, Stepper threads, Duration later) {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      long end = channel.size();
      threads.sleep(later);
      if (lock != null) {
        channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), end);
        ofTheOther.add(line);
      }
    } catch (OverlappingFileLockException | InterruptedException lockedOrKilled) {
      // It gives up.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The problems in the file: each line is whole, and none is lost. */
  List<String> differences(SimulatedReceiver receiver) {
    Set<String> written = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (String line : lines()) {
      try {
        JsonTree tree = JsonTree.of(line);
        written.add(line);
        written.add(tree.textOr("event.id"));
      } catch (IllegalArgumentException torn) {
        wrong.add(receiver.name() + " has a line that is not whole: " + line);
      }
    }
    List<Notification> sent = new ArrayList<>(Oracle.shown(receiver.accepted()));
    receiver.accepted().forEach(one -> sent.add(one.notification()));
    for (Notification one : sent) {
      if (!written.contains(one.id())) {
        wrong.add(receiver.name() + " lost the line of " + Oracle.text(one));
      }
    }
    for (String line : ofTheOther) {
      if (!written.contains(line)) {
        wrong.add(receiver.name() + " overwrote a line of another program: " + line);
      }
    }
    return wrong;
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
