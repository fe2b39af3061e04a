package io.portcurfew.config.files;

import io.portcurfew.config.yaml.VisibleText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file or a folder. Equal attributes mean that the file has not changed.
 *
 * @param mode type, sticky bit and permissions, as in inode(7)
 */
public record FileStatus(
    long device,
    long inode,
    int mode,
    int uid,
    String owner,
    String group,
    long size,
    FileTime modified,
    FileTime changed) {

  /** Attributes that the JDK reads on every Unix. */
  private static final String ATTRIBUTES =
      "unix:dev,ino,mode,uid,owner,group,size,lastModifiedTime,ctime";

  private static final String NUMBERS = "unix:dev,ino,mode,uid,gid,size,lastModifiedTime,ctime";

  private static final int KIND = 0170000;
  private static final int FILE = 0100000;
  private static final int FOLDER = 0040000;
  private static final int STICKY = 01000;
  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;
  private static final int OTHERS_ANY = 0007;
  private static final String RIGHTS = "rwxrwxrwx";

  /** Reads the attributes of the path itself; does not follow a link. */
  public static FileStatus of(Path path) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    return new FileStatus(
        number(found, "dev"),
        number(found, "ino"),
        (int) number(found, "mode"),
        (int) number(found, "uid"),
        String.valueOf(found.get("owner")),
        String.valueOf(found.get("group")),
        number(found, "size"),
        time(found, "lastModifiedTime"),
        time(found, "ctime"));
  }

  /**
   * The attributes of a file as numbers, for a comparison. Without the names of its owners: a
   * directory service may take long to look them up.
   */
  static String numbers(Path path) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, NUMBERS, LinkOption.NOFOLLOW_LINKS);
    return found.get("dev")
        + ":"
        + rights(found)
        + ":"
        + found.get("size")
        + ":"
        + time(found, "lastModifiedTime").to(TimeUnit.NANOSECONDS)
        + ":"
        + time(found, "ctime").to(TimeUnit.NANOSECONDS);
  }

  /** The same of a folder, whose times change with each file in it. */
  static String numbersOfFolder(Path path) throws IOException {
    return rights(Files.readAttributes(path, NUMBERS, LinkOption.NOFOLLOW_LINKS));
  }

  private static String rights(Map<String, Object> found) {
    return found.get("ino")
        + ":"
        + found.get("mode")
        + ":"
        + found.get("uid")
        + ":"
        + found.get("gid");
  }

  private static long number(Map<String, Object> found, String name) {
    return ((Number) Objects.requireNonNull(found.get(name))).longValue();
  }

  private static FileTime time(Map<String, Object> found, String name) {
    return (FileTime) Objects.requireNonNull(found.get(name));
  }

  // By hand, as in each record that the start compares: generated methods are linked when they are
  // first used, which takes milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStatus file
        && device == file.device
        && inode == file.inode
        && mode == file.mode
        && uid == file.uid
        && owner.equals(file.owner)
        && group.equals(file.group)
        && size == file.size
        && modified.equals(file.modified)
        && changed.equals(file.changed);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(inode) + changed.hashCode();
  }

  boolean isFile() {
    return (mode & KIND) == FILE;
  }

  boolean isFolder() {
    return (mode & KIND) == FOLDER;
  }

  /** True if only their owners can replace the files of this folder. */
  boolean isSticky() {
    return (mode & STICKY) != 0;
  }

  boolean groupMayWrite() {
    return (mode & GROUP_WRITES) != 0;
  }

  boolean othersMayWrite() {
    return (mode & OTHERS_WRITE) != 0;
  }

  /** True for a file on which all users have some permission. */
  boolean isOpenToOthers() {
    return isFile() && (mode & OTHERS_ANY) != 0;
  }

  /** Permissions and owners as {@code ls -l} prints them: {@code rw-r--r-- alice users}. */
  public String shown() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RIGHTS.length(); i++) {
      boolean has = (mode >> (RIGHTS.length() - 1 - i) & 1) != 0;
      text.append(has ? RIGHTS.charAt(i) : '-');
    }
    return text + " " + VisibleText.text(owner) + " " + VisibleText.text(group);
  }
}
