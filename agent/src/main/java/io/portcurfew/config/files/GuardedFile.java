package io.portcurfew.config.files;

import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that configures the agent. It is read only if nobody but the owners whom the agent
 * {@linkplain FileTrust trusts} can write or replace it.
 *
 * <p>Links to the file are allowed, as configuration management uses them, but not out of its
 * folder: every folder from there on is checked. Its attributes are compared before and after
 * reading; if they changed, the file is read again.
 */
public final class GuardedFile {

  /** A file that changes during so many attempts is refused until the next reading. */
  private static final int TRIES = 3;

  private static final Complaint NO_FILE =
      new Complaint("not a regular file", "a pipe, a socket or a device", "a regular file");

  private final FileTrust trust;
  private final Path file;
  private final Path folder;
  private final List<Complaint> complaints = new ArrayList<>();

  /** A reason to refuse a file; its parts are those of a {@link Problem}. */
  public record Complaint(String what, String found, String expected) {}

  /** The content of a file, or every reason to refuse it. */
  public record Content(Optional<byte[]> bytes, List<Complaint> complaints, boolean openToOthers) {}

  private GuardedFile(Path file, Path folder, FileTrust trust) {
    this.file = file;
    this.folder = folder;
    this.trust = trust;
  }

  /**
   * Reads at most {@code most} bytes and one more, which shows that the file is too large.
   *
   * @throws IOException if the file is missing or not readable
   */
  public static Content read(Path named, int most, FileTrust trust) throws IOException {
    if (isPipeOrDevice(named)) {
      return new Content(Optional.empty(), List.of(NO_FILE), false);
    }
    Path parent = Objects.requireNonNullElse(named.toAbsolutePath().getParent(), Path.of("/"));
    GuardedFile guarded = new GuardedFile(named.toRealPath(), parent.toRealPath(), trust);
    return guarded.read(most);
  }

  /** True also for a pipe without a path of its own, as from a shell: {@code <(command)}. */
  private static boolean isPipeOrDevice(Path named) {
    return Files.exists(named) && !Files.isRegularFile(named) && !Files.isDirectory(named);
  }

  private Content read(int most) throws IOException {
    FileStatus before = check();
    for (int i = 0; i < TRIES && complaints.isEmpty(); i++) {
      byte[] bytes = bytes(most);
      FileStatus after = check();
      if (complaints.isEmpty() && after.equals(before)) {
        return new Content(Optional.of(bytes), List.of(), after.isOpenToOthers());
      }
      before = after;
    }
    if (complaints.isEmpty()) {
      complain("the file changes while it is read", before.shown(), "a file that does not change");
    }
    return new Content(Optional.empty(), complaints, before.isOpenToOthers());
  }

  private byte[] bytes(int most) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most + 1);
    }
  }

  /** A pipe or a device is never opened: opening it may block or have side effects. */
  private FileStatus check() throws IOException {
    FileStatus status = FileStatus.of(file);
    if (status.isFolder()) {
      complain("the path is a folder", "a folder", "a regular file");
    } else if (!status.isFile()) {
      complaints.add(NO_FILE);
    } else if (!file.startsWith(folder)) {
      String inside = "a file, or a link to one in " + name(folder);
      complain("the link points out of its folder", "a link to " + name(file), inside);
    } else if (trust.isChecked()) {
      checkRights(status);
    }
    return status;
  }

  private void checkRights(FileStatus status) throws IOException {
    checkRights(file, status, "the file", status.othersMayWrite(), "configure the agent");
    for (Path at = file.getParent(); at != null && at.startsWith(folder); at = at.getParent()) {
      FileStatus folderStatus = FileStatus.of(at);
      boolean open = folderStatus.othersMayWrite() && !folderStatus.isSticky();
      checkRights(at, folderStatus, "the folder of the file", open, "replace the file");
    }
  }

  private void checkRights(Path at, FileStatus status, String noun, boolean open, String power) {
    if (!trust.inOwnerOf(status)) {
      String what =
          noun + " belongs neither to root nor to the user of the agent, so its owner can ";
      complain(
          what + power, status.shown(), "an owner that the agent trusts: chown root " + name(at));
    }
    boolean openToGroup =
        FileTrust.isOpenToGroup(status) && !(status.isFolder() && status.isSticky());
    if (open || openToGroup) {
      String who = open ? "every user" : "the group " + VisibleText.text(status.group());
      String rights = (openToGroup ? "g" : "") + (open ? "o" : "") + "-w";
      complain(
          who + " can write " + noun + " and so " + power,
          status.shown(),
          "no such permission: chmod " + rights + " " + name(at));
    }
  }

  private void complain(String what, String found, String expected) {
    complaints.add(new Complaint(what, found, expected));
  }

  private static String name(Path path) {
    return VisibleText.name(path.toString());
  }
}
