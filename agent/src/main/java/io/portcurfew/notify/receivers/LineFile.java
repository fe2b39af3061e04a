package io.portcurfew.notify.receivers;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.http.Redaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines, for programs that ship logs. Only the agent's user can read the file, no
 * link is followed, and a line counts once it is on the disk. A full file is renamed, {@code
 * alerts.json} to {@code alerts.json.1}. Several writers of one file take turns.
 */
public final class LineFile {

  private static final FileAttribute<?> CLOSED =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The number of times that the file may be created or renamed during one attempt. */
  private static final int MOST_OPENINGS = 10;

  private static final int LOCK_ATTEMPTS = 250;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);

  private final FileSettings settings;
  private final Timing timing;

  /**
   * @param settings name the file and its bounds
   */
  public LineFile(FileSettings settings) {
    this(settings, Timing.SYSTEM);
  }

  /**
   * @param timing waits while another writer has the lock
   */
  LineFile(FileSettings settings, Timing timing) {
    this.settings = settings;
    this.timing = timing;
  }

  /**
   * Appends whole lines, which stay together.
   *
   * @param lines in UTF-8, each with its line break
   * @return a retry if the file could not be written
   */
  public synchronized Delivery append(byte[] lines) throws InterruptedException {
    try {
      for (int opening = 0; opening < MOST_OPENINGS; opening++) {
        if (appendOnce(lines)) {
          return new Delivery.Delivered(lines.length + " bytes written to " + settings.file());
        }
      }
      return new Delivery.Retry(settings.file() + ": another program renames it");
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

  /**
   * Appends a line under the lock of the file; returns false if the file has to be opened again: it
   * was created, it was full, or another writer renamed it.
   */
  private boolean appendOnce(byte[] line) throws IOException, InterruptedException {
    Object before = fileKey();
    if (before == null) {
      create();
      return false;
    }
    Path file = settings.file();
    // POSIX releases the lock as soon as any descriptor of the file is closed (fcntl(2)).
    try (FileChannel reader = FileChannel.open(file, READ, NOFOLLOW_LINKS);
        FileChannel writer = FileChannel.open(file, APPEND, NOFOLLOW_LINKS);
        FileLock lock = lock(writer)) {
      if (!lock.isValid() || !before.equals(fileKey())) {
        return false;
      }
      long end = writer.size();
      if (end > 0 && end + line.length > settings.mostBytes()) {
        rotate();
        return false;
      }
      boolean cut = end > 0 && last(reader, end) != '\n';
      append(writer, end, cut ? afterNewline(line) : line);
      return true;
    }
  }

  /** The identity of the file, device and inode; {@code null} if there is none. */
  private @Nullable Object fileKey() throws IOException {
    try {
      BasicFileAttributes file =
          Files.readAttributes(settings.file(), BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (!file.isRegularFile()) {
        throw new IOException("not a regular file");
      }
      return file.fileKey();
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private void create() throws IOException {
    try {
      FileChannel.open(settings.file(), Set.of(CREATE_NEW, WRITE), CLOSED).close();
    } catch (FileAlreadyExistsException byAnother) {
      return;
    }
    Path folder = settings.file().getParent();
    if (folder != null) {
      giveToOwnerOf(folder);
      force(folder);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      timing.pause(BETWEEN_ATTEMPTS, never);
    }
    throw new IOException("another program has locked it");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  private void rotate() throws IOException {
    for (int number = settings.keep() - 1; number >= 0; number--) {
      Path from = number == 0 ? settings.file() : older(number);
      if (Files.exists(from, NOFOLLOW_LINKS)) {
        Files.move(from, older(number + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path older(int number) {
    return settings.file().resolveSibling(settings.file().getFileName() + "." + number);
  }

  /**
   * Appends in one write, so that even a writer without the lock overwrites nothing; removes the
   * part that a full disk left.
   */
  private static void append(FileChannel writer, long end, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try {
      while (left.hasRemaining()) {
        writer.write(left);
      }
      writer.force(true);
    } catch (IOException failure) {
      if (writer.isOpen() && writer.size() == end + left.position()) {
        writer.truncate(end);
      }
      throw failure;
    }
  }

  private static byte last(FileChannel channel, long end) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, end - 1);
    return one.get(0);
  }

  private static byte[] afterNewline(byte[] line) {
    return ByteBuffer.allocate(line.length + 1).put((byte) '\n').put(line).array();
  }

  /** Syncs the folder, so that a new file name survives a crash. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  /**
   * Gives a file that root creates in the agent's folder, by a test of the receiver, to the agent's
   * user.
   */
  private void giveToOwnerOf(Path folder) throws IOException {
    UserPrincipal owner = Files.getOwner(folder, NOFOLLOW_LINKS);
    FileOwnerAttributeView ownership =
        Files.getFileAttributeView(settings.file(), FileOwnerAttributeView.class, NOFOLLOW_LINKS);
    if (!ownership.getOwner().equals(owner)) {
      try {
        ownership.setOwner(owner);
      } catch (IOException notRoot) {
        // A user who could create the file here can write it.
      }
    }
  }
}
