package io.portcurfew.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The status of a state folder, read without touching it: a short lock could stop an agent from
 * starting.
 *
 * @param path the folder, or its nearest existing parent
 * @param exists true if the folder itself exists
 * @param mode as in {@code rwx------}; {@code null} if the file system has none
 * @param owner the name of its user; {@code null} if the file system has none
 * @param writable true if this process can write into it
 * @param free the free bytes for this process
 * @param heldBy the process id of the agent that holds it; {@code null} if none is known
 */
public record StateFolderStatus(
    Path path,
    boolean exists,
    @Nullable String mode,
    @Nullable String owner,
    boolean writable,
    long free,
    @Nullable Long heldBy) {

  private static final Path LOCKS = Path.of("/proc/locks");

  /**
   * Reads the status of a folder.
   *
   * @throws IOException if it cannot be read or is not a folder
   */
  public static StateFolderStatus at(Path folder) throws IOException {
    Path path = folder;
    while (Files.notExists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    if (!Files.isDirectory(path)) {
      throw new IOException(
          Files.exists(path) ? path + " is not a folder" : "no right to look into its folder");
    }
    boolean posix = Files.getFileStore(path).supportsFileAttributeView("posix");
    PosixFileAttributes attributes =
        posix ? Files.readAttributes(path, PosixFileAttributes.class) : null;
    return new StateFolderStatus(
        path,
        path.equals(folder),
        attributes == null ? null : PosixFilePermissions.toString(attributes.permissions()),
        attributes == null ? null : attributes.owner().getName(),
        Files.isWritable(path) && Files.isExecutable(path),
        Files.getFileStore(path).getUsableSpace(),
        holder(folder.resolve(StateFolder.LOCK)));
  }

  /**
   * The process that holds the lock. If the kernel lists its locks, the file is not opened: closing
   * it would release a lock of this very process (fcntl_locking(2)). Elsewhere the file names the
   * last holder.
   */
  private static @Nullable Long holder(Path lock) {
    try {
      return Files.isReadable(LOCKS) ? locker(lock) : lastHolder(lock);
    } catch (IOException | NumberFormatException noAgent) {
      return null;
    }
  }

  /** The device is not compared: btrfs and overlayfs list another one for their locks. */
  private static @Nullable Long locker(Path lock) throws IOException {
    Object inode = Files.getAttribute(lock, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    String locks = Files.readString(LOCKS, StandardCharsets.US_ASCII);
    OptionalLong holder = locker(locks, ((Number) inode).longValue());
    return holder.isPresent() ? holder.getAsLong() : null;
  }

  private static @Nullable Long lastHolder(Path lock) throws IOException {
    long pid = Long.parseLong(Files.readString(lock, StandardCharsets.US_ASCII).strip());
    return ProcessHandle.of(pid).isPresent() ? pid : null;
  }

  /**
   * The process that has a lock on the file with this inode, as in {@code 1: POSIX ADVISORY WRITE
   * 4711 fe:00:1234 0 EOF} (proc_locks(5)).
   */
  static OptionalLong locker(String locks, long inode) {
    for (String line : locks.split("\n", -1)) {
      String[] fields = line.trim().split("\\s+", -1);
      if (fields.length > 5
          && fields[1].equals("POSIX")
          && fields[5].endsWith(":" + inode)
          && fields[4].matches("\\d{1,10}")) {
        return OptionalLong.of(Long.parseLong(fields[4]));
      }
    }
    return OptionalLong.empty();
  }
}
