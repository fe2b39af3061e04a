package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.EcsLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.InstantSource;
import java.util.Set;

/**
 * Appends each notification to a file of its own as a line of JSON, for programs that ship logs:
 * nobody but the agent's user can read it, no link is followed, and a line is on the disk before it
 * counts. A file that is full is renamed, {@code alerts.json} to {@code alerts.json.1}.
 */
final class FileNotifier implements Notifier {

  private static final Set<OpenOption> APPEND =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private static final FileAttribute<?> CLOSED =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final FileSettings settings;
  private final InstantSource clock;

  FileNotifier(FileSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public synchronized Delivery deliver(Notification notification) {
    byte[] line =
        (Json.compact(EcsLine.of(notification, clock.instant())) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    try {
      rotate(line.length);
      append(line);
      return new Delivery.Delivered(line.length + " bytes written to " + settings.file());
    } catch (IOException failure) {
      return new Delivery.Retry(settings.file() + ": " + why(failure));
    }
  }

  private static String why(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "the agent's user may not write it";
    }
    return Redaction.of().of(String.valueOf(failure.getMessage()));
  }

  private void rotate(int more) throws IOException {
    Path file = settings.file();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("this is no plain file");
    }
    if (Files.size(file) == 0 || Files.size(file) + more <= settings.mostBytes()) {
      return;
    }
    for (int number = settings.keep() - 1; number >= 0; number--) {
      Path from = number == 0 ? file : older(number);
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, older(number + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path older(int number) {
    return settings.file().resolveSibling(settings.file().getFileName() + "." + number);
  }

  /** A line of which only a part was written, by a full disk or a crash, is taken back or ended. */
  private void append(byte[] line) throws IOException {
    boolean fresh = !Files.exists(settings.file(), LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(settings.file(), APPEND, CLOSED)) {
      long end = channel.size();
      channel.position(end);
      try {
        if (end > 0 && last(channel, end) != '\n') {
          write(channel, new byte[] {'\n'});
        }
        write(channel, line);
        channel.force(true);
      } catch (IOException failure) {
        channel.truncate(end);
        throw failure;
      }
    }
    Path folder = settings.file().getParent();
    if (fresh && folder != null) {
      giveTo(folder);
      force(folder);
    }
  }

  private static byte last(FileChannel channel, long end) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, end - 1);
    return one.get(0);
  }

  private static void write(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  /** So that a new name outlives a crash too. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What root makes in the agent's folder, by a test of the receiver, has to be the agent's. */
  private void giveTo(Path folder) throws IOException {
    UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
    FileOwnerAttributeView its =
        Files.getFileAttributeView(
            settings.file(), FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!its.getOwner().equals(owner)) {
      try {
        its.setOwner(owner);
      } catch (IOException notRoot) {
        // Who could make it here may go on with it.
      }
    }
  }
}
