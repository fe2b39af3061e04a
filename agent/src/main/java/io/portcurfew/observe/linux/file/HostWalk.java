package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.FilePlace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the files of the host, which holds every folder between the root and where it
 * is. Not for two threads at once.
 */
final class HostWalk implements AutoCloseable {

  /** linux/namei.h, MAXSYMLINKS. */
  private static final int MOST_LINKS = 40;

  private static final int MOST_DEPTH = 64;

  private final HostTree tree;
  private final ProcFs proc;
  private final boolean captured;
  private final List<Integer> held = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Set<Long> owners = new HashSet<>();
  private boolean othersWrite;
  private final Deque<String> ahead = new ArrayDeque<>();
  private HostFile here = HostFile.ABSENT;
  private int links;
  private boolean ofRootAlone = true;

  HostWalk(HostTree tree, ProcFs proc) {
    this.tree = tree;
    this.proc = proc;
    this.captured = proc.isCaptured();
  }

  /** Walks to an absolute path, byte for byte as ISO 8859-1. */
  HostFile to(String absolute) {
    int root = captured ? proc.open("", Libc.O_PATH) : proc.open(tree.root(), Libc.O_PATH);
    if (root < 0) {
      String why = "/" + tree.root() + ": " + Errno.describe(proc.error());
      root = tree.isOurs() ? proc.open("", Libc.O_PATH) : -1;
      if (root < 0) {
        return cannotTell(why);
      }
    }
    here = stand(root);
    putAhead(absolute);
    while (here.state() == HostFile.State.FOUND && !ahead.isEmpty()) {
      here = step(ahead.remove());
    }
    return here;
  }

  /** Walks to an absolute path and returns the path behind its links too. */
  HostTree.Resolved resolve(String absolute) {
    HostFile file = to(absolute);
    return new HostTree.Resolved(file, "/" + String.join("/", names), owners, othersWrite);
  }

  /** An entry of the folder where it is, and where it stays; {@code null} for a link. */
  @Nullable HostFile entry(String name) {
    int depth = held.size();
    boolean alone = ofRootAlone;
    HostFile there = enter(name);
    leaveTo(depth);
    ofRootAlone = alone;
    FileId file = there.file();
    return file != null && file.isLink() ? null : there;
  }

  /** The place of the file where it is; {@code null} if a link led to it. */
  @Nullable String position(String absolute) {
    FilePlace place = links > 0 ? null : proc.place(top());
    return place == null ? null : tree.mounts().position(place, absolute);
  }

  /** Opens for reading where the walk ended. */
  int reopen() {
    return here.state() != HostFile.State.FOUND
        ? -1
        : proc.openAt(Libc.AT_FDCWD, "/proc/self/fd/" + top(), Libc.O_RDONLY | Libc.O_NONBLOCK);
  }

  private HostFile cannotTell(String why) {
    here = HostFile.cannotTell(why);
    return here;
  }

  private void putAhead(String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty() && !names[i].equals(".")) {
        ahead.addFirst(names[i]);
      }
    }
  }

  private int top() {
    return held.get(held.size() - 1);
  }

  private HostFile step(String name) {
    if (name.equals("..")) {
      // The held folders were entered without links, so the one before is the parent.
      leaveTo(Math.max(1, held.size() - 1));
      return check(top());
    }
    if (held.size() >= MOST_DEPTH) {
      return HostFile.cannotTell("its path is too deep");
    }
    HostFile there = enter(name);
    FileId file = there.file();
    return file != null && file.isLink() ? follow() : there;
  }

  private HostFile enter(String name) {
    int next = proc.openAt(top(), name, Libc.O_PATH | Libc.O_NOFOLLOW);
    if (next < 0) {
      int errno = proc.error();
      return Refusal.PATH.is(errno) ? HostFile.ABSENT : HostFile.cannotTell(Errno.describe(errno));
    }
    names.add(name);
    return stand(next);
  }

  private HostFile stand(int fd) {
    held.add(fd);
    return check(fd);
  }

  /** Asks where it is before it asks anything that a file system would have to answer. */
  private HostFile check(int fd) {
    String kind = null;
    if (!captured) {
      FilePlace place = proc.place(fd);
      kind = place == null ? null : tree.mounts().kind(place);
      if (place == null || kind == null) {
        String why = place == null ? ": " + Errno.describe(proc.error()) : "";
        return HostFile.cannotTell("its file system is not known" + why);
      }
      if (!HostMounts.isLocal(kind)) {
        return HostFile.cannotTell("it is on a file system that may not answer");
      }
    }
    FileId file = proc.file(fd);
    if (file == null) {
      return HostFile.cannotTell(Errno.describe(proc.error()));
    }
    ofRootAlone &= file.isOfRootAlone();
    owners.add(file.uid());
    othersWrite |= !file.isLink() && file.othersWrite();
    return HostFile.found(file, kind, ofRootAlone);
  }

  private HostFile follow() {
    byte[] target = proc.linkAt(top(), "");
    if (target == null || ++links > MOST_LINKS) {
      return HostFile.cannotTell(target == null ? Errno.describe(proc.error()) : "too many links");
    }
    String text = new String(target, StandardCharsets.ISO_8859_1);
    leaveTo(text.startsWith("/") ? 1 : held.size() - 1);
    putAhead(text);
    return check(top());
  }

  private void leaveTo(int depth) {
    while (held.size() > depth) {
      proc.close(held.remove(held.size() - 1));
      if (!names.isEmpty()) {
        names.remove(names.size() - 1);
      }
    }
  }

  @Override
  public void close() {
    leaveTo(0);
  }
}
