package io.portcurfew.state;

import io.portcurfew.process.OwnUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Checks that nobody but the user of the agent can write the state folder or know its key. Root is
 * trusted.
 */
final class StateFolderTrust {

  private static final String KEY = "key";
  private static final List<String> KEYS = List.of(KEY, KEY + ".new");
  private static final List<String> DATABASE =
      List.of("portcurfew.db", "portcurfew.db-wal", "portcurfew.db-shm");

  /** Permissions as in inode(7). */
  private static final int OTHERS_WRITE = 0022;

  private static final int OTHERS_READ_OR_WRITE = 0066;

  private final Path folder;
  private final long user;

  /**
   * @param user the user id of the agent
   */
  StateFolderTrust(Path folder, long user) {
    this.folder = folder;
    this.user = user;
  }

  static void check(Path folder) throws IOException, StateFolder.Untrusted {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      new StateFolderTrust(folder, OwnUser.id()).check();
    }
  }

  void check() throws IOException, StateFolder.Untrusted {
    Owned state = Owned.of(folder);
    // Even a folder of root: another user could not create his files in it.
    if (state.uid != user) {
      throw new StateFolder.Untrusted(
          "the state folder %s belongs to user %s, not to user id %d, which runs the agent. Fix it with: chown %d %s"
              .formatted(folder, state.owner, user, user, quoted(folder)));
    }
    if ((state.mode & OTHERS_WRITE) != 0) {
      throw new StateFolder.Untrusted(
          "other users can write to the state folder %s. Fix it with: chmod 0700 %s"
              .formatted(folder, quoted(folder)));
    }
    for (String name : KEYS) {
      check(folder.resolve(name), OTHERS_READ_OR_WRITE, "know the key");
    }
    for (String name : DATABASE) {
      check(folder.resolve(name), OTHERS_WRITE, "write the database file");
    }
  }

  private void check(Path file, int forbidden, String what)
      throws IOException, StateFolder.Untrusted {
    try {
      Owned found = Owned.of(file, LinkOption.NOFOLLOW_LINKS);
      boolean foreign = found.uid != user && found.uid != 0;
      if (foreign || (found.mode & forbidden) != 0) {
        throw new StateFolder.Untrusted(
            "other users may %s %s. Fix it, and start a new history, with: rm %s"
                .formatted(what, file, quoted(file)));
      }
    } catch (NoSuchFileException notYet) {
      // The store creates it.
    }
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9/._-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private record Owned(long uid, int mode, String owner) {

    static Owned of(Path path, LinkOption... options) throws IOException {
      Map<String, Object> found = Files.readAttributes(path, "unix:uid,mode,owner", options);
      int uid = (Integer) Objects.requireNonNull(found.get("uid"));
      int mode = (Integer) Objects.requireNonNull(found.get("mode"));
      return new Owned(Integer.toUnsignedLong(uid), mode, String.valueOf(found.get("owner")));
    }
  }
}
