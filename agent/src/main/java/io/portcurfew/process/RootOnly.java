package io.portcurfew.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trusts a file that only root can replace: the file, every folder above it and every folder on the
 * way of a link belong to root and are writable by root only. A sticky folder that everybody may
 * write to is refused too.
 */
public final class RootOnly implements ToolTrust {

  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;

  /** As many links as Linux follows (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  private final Path top;
  private final int owner;

  public RootOnly() {
    this(Path.of("/"), 0);
  }

  /**
   * For tests, which cannot create a folder in {@code /}.
   *
   * @param top the uppermost folder that is checked
   * @param owner the user id in place of root
   */
  public RootOnly(Path top, int owner) {
    this.top = top;
    this.owner = owner;
  }

  @Override
  public Optional<String> objection(Path tool) {
    try {
      return walk(tool);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of("untrusted: " + tool + " cannot be checked");
    }
  }

  /** From the top down, one name at a time, as the kernel does; {@code at} is never a link. */
  private Optional<String> walk(Path tool) throws IOException {
    Path at = start(tool);
    Deque<Path> left = names(at.relativize(tool), new ArrayDeque<>());
    int links = 0;
    while (true) {
      Optional<String> objection = objectionTo(at);
      if (objection.isPresent() || left.isEmpty()) {
        return objection;
      }
      Path next = next(at, left.pop());
      if (!Files.isSymbolicLink(next)) {
        at = next;
      } else if (++links > MOST_LINKS) {
        return Optional.of("untrusted: " + tool + " leads through too many links");
      } else {
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? start(target) : at;
        left = names(target.isAbsolute() ? at.relativize(target) : target, left);
      }
    }
  }

  private Path start(Path path) {
    return path.startsWith(top) ? top : path.getRoot();
  }

  private static Deque<Path> names(Path path, Deque<Path> after) {
    List<Path> names = new ArrayList<>();
    path.forEach(names::add);
    Collections.reverse(names);
    names.forEach(after::push);
    return after;
  }

  private static Path next(Path at, Path name) {
    if (!name.toString().equals("..")) {
      return at.resolve(name).normalize();
    }
    return at.getParent() == null ? at : at.getParent();
  }

  private Optional<String> objectionTo(Path at) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(at, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    int uid = (Integer) attributes.getOrDefault("uid", -1);
    int mode = (Integer) attributes.getOrDefault("mode", GROUP_WRITES);
    if (uid != owner) {
      return Optional.of("untrusted: " + at + " belongs to user " + uid);
    }
    if ((mode & OTHERS_WRITE) != 0) {
      return Optional.of("untrusted: " + at + " is writable by everybody");
    }
    return (mode & GROUP_WRITES) != 0
        ? Optional.of("untrusted: " + at + " is writable by its group")
        : Optional.empty();
  }
}
