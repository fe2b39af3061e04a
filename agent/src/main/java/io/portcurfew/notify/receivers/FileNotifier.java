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
 * Appends each notification to a file as a line of JSON, for programs that ship logs. Only the
 * agent's user can read the file, no link is followed, and a line is delivered once it is on the
 * disk. A full file is renamed, {@code alerts.json} to {@code alerts.json.1}.
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
      return "the agent's user has no right to write it";
    }
    return Redaction.of().of(String.valueOf(failure.getMessage()));
  }

  private void rotate(int more) throws IOException {
    Path file = settings.file();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("not a regular file");
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

  /** Appends a line; a part of a line that a full disk or a crash left is removed or ended. */
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
      giveToOwnerOf(folder);
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

  /** Syncs the folder, so that a new file name survives a crash. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Gives a file that root creates in the agent's folder, by a test of the receiver, to the agent's
   * user.
   */
  private void giveToOwnerOf(Path folder) throws IOException {
    UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
    FileOwnerAttributeView ownership =
        Files.getFileAttributeView(
            settings.file(), FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!ownership.getOwner().equals(owner)) {
      try {
        ownership.setOwner(owner);
      } catch (IOException notRoot) {
        // A user who could create the file here can write it.
      }
    }
  }
}
