package io.portcurfew.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The state folder of one running agent, locked until its process ends. */
public final class StateFolder implements AutoCloseable {

  static final String LOCK = "portcurfew.lock";
  private static final int MOST_PID = 16;

  private final FileChannel lock;

  private StateFolder(FileChannel lock) {
    this.lock = lock;
  }

  /** The folder cannot be used; the message states the cause for an admin. */
  public static class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * Another user can write the folder or know its key; the message has the command that fixes it.
   */
  public static final class Untrusted extends Unusable {
    private static final long serialVersionUID = 1L;

    Untrusted(String message) {
      super(message);
    }
  }

  /**
   * Creates the folder if needed (mode 0700) and locks it for this process.
   *
   * @throws Untrusted if another user can write it or know its key
   * @throws Unusable if another process holds it, or it cannot be created or written
   */
  public static StateFolder take(Path folder) throws Unusable {
    try {
      create(folder);
      StateFolderTrust.check(folder);
      return lock(folder.resolve(LOCK));
    } catch (IOException e) {
      throw new Unusable("cannot use the state folder " + folder + ": " + e.getMessage());
    }
  }

  private static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder, OwnerOnly.attributes(folder, "rwx------"));
  }

  private static StateFolder lock(Path file) throws IOException, Unusable {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    if (!isFree(channel)) {
      String pid = read(channel);
      channel.close();
      throw new Unusable(
          "another agent, pid " + pid + ", holds the state folder " + file.getParent());
    }
    channel.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    return new StateFolder(channel);
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(MOST_PID);
    channel.read(pid, 0);
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
    return text.matches("\\d+") ? text : "unknown";
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
