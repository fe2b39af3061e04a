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
 * A file that the agent takes orders from. It is read only where nobody but those whom the agent
 * {@linkplain FileTrust trusts} can write it or put another in its place.
 *
 * <p>Links may lead to the file, as those of configuration management do, but not out of the folder
 * that it was named in: from there on each folder is looked at. What is read is the file that was
 * looked at: the same before and after, of rights, size and time, or it is read again.
 */
public final class GuardedFile {

  /** A file that is still written after so many tries is left to the next reading. */
  private static final int TRIES = 3;

  private static final Complaint NO_FILE =
      new Complaint(
          "this is no plain file", "a pipe, a socket or a device", "a file that can be read");

  private final FileTrust trust;
  private final Path file;
  private final Path folder;
  private final List<Complaint> complaints = new ArrayList<>();

  /** Why a file is not read, in the words of a {@link Problem}. */
  public record Complaint(String what, String found, String expected) {}

  /** What was read, or every reason why not. */
  public record Content(Optional<byte[]> bytes, List<Complaint> complaints, boolean openToOthers) {}

  private GuardedFile(Path file, Path folder, FileTrust trust) {
    this.file = file;
    this.folder = folder;
    this.trust = trust;
  }

  /**
   * Reads a file, and of a longer one no more than one byte beyond {@code most}.
   *
   * @throws IOException where it is not there or may not be read
   */
  public static Content read(Path named, int most, FileTrust trust) throws IOException {
    if (isPipeOrDevice(named)) {
      return new Content(Optional.empty(), List.of(NO_FILE), false);
    }
    Path parent = Objects.requireNonNullElse(named.toAbsolutePath().getParent(), Path.of("/"));
    GuardedFile guarded = new GuardedFile(named.toRealPath(), parent.toRealPath(), trust);
    return guarded.read(most);
  }

  /** Also where it has no path of its own, as what a shell hands over: {@code <(command)}. */
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
      complain("the file changes while it is read", before.shown(), "a file that is complete");
    }
    return new Content(Optional.empty(), complaints, before.isOpenToOthers());
  }

  private byte[] bytes(int most) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most + 1);
    }
  }

  /** A pipe or a device is never opened: that alone may block, or do something. */
  private FileStatus check() throws IOException {
    FileStatus standing = FileStatus.of(file);
    if (standing.isFolder()) {
      complain("this is a folder", "nothing to read", "a file that can be read");
    } else if (!standing.isFile()) {
      complaints.add(NO_FILE);
    } else if (!file.startsWith(folder)) {
      String inside = "a file, or a link to one in " + name(folder);
      complain("the link leads out of its folder", "a link to " + name(file), inside);
    } else if (trust.isAsked()) {
      checkRights(standing);
    }
    return standing;
  }

  private void checkRights(FileStatus standing) throws IOException {
    checkRights(file, standing, "the file", standing.othersMayWrite(), "give the agent orders");
    for (Path at = file.getParent(); at != null && at.startsWith(folder); at = at.getParent()) {
      FileStatus its = FileStatus.of(at);
      boolean open = its.othersMayWrite() && !its.isSticky();
      checkRights(at, its, "the folder of the file", open, "put another file in its place");
    }
  }

  private void checkRights(Path at, FileStatus standing, String noun, boolean open, String power) {
    if (!trust.inOwnerOf(standing)) {
      String what = noun + " belongs to neither root nor the user of the agent, so its owner can ";
      complain(
          what + power,
          standing.shown(),
          "root's file in a folder of root's: chown root " + name(file));
    }
    boolean openToGroup =
        FileTrust.isOpenToGroup(standing) && !(standing.isFolder() && standing.isSticky());
    if (open || openToGroup) {
      String who = open ? "everybody" : "the group " + VisibleText.text(standing.group());
      String rights = (openToGroup ? "g" : "") + (open ? "o" : "") + "-w";
      mend(at, standing, who + " can write " + noun + ", and so " + power, "chmod " + rights);
    }
  }

  private void mend(Path at, FileStatus standing, String what, String how) {
    complain(what, standing.shown(), "what this command makes of it: " + how + " " + name(at));
  }

  private void complain(String what, String found, String expected) {
    complaints.add(new Complaint(what, found, expected));
  }

  private static String name(Path path) {
    return VisibleText.name(path.toString());
  }
}
