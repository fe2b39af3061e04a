package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts about the files that processes run which cost much: their SHA-256 and their package. A file
 * is read once, however many processes run it, and {@linkplain DigestQueue beside} the looks: a
 * fact that is not known yet is absent.
 */
final class Executables implements AutoCloseable {

  /** What is known; what was not asked for or is not known is {@code null}. */
  record Facts(@Nullable HostText sha256, @Nullable HostText packageName) {
    static final Facts NONE = new Facts(null, null);
  }

  private static final int MOST_REMEMBERED = 1024;

  private final ProcFs proc;
  private final DpkgPackages packages;
  private final DigestQueue queue;
  private final Map<FileId, Optional<FileDigests>> known = new LinkedHashMap<>();

  /** The processes that run a file whose digests are awaited, or that could not be queued. */
  private final Map<FileId, Set<Integer>> awaited = new HashMap<>();

  private final Set<Integer> postponed = new LinkedHashSet<>();
  private Set<OwnerFact> asked = Set.of();

  Executables(Path root, ProcFs proc) {
    this.proc = proc;
    packages = new DpkgPackages(root);
    queue = new DigestQueue(root);
  }

  /** From now on these are found out; whether it is another set than before. */
  boolean ask(Set<OwnerFact> facts) {
    boolean other = !asked.equals(facts);
    asked = Set.copyOf(facts);
    return other;
  }

  /**
   * What is known of what is asked for; the rest is found out.
   *
   * @param uid the user of the process, where it is known
   * @param file the file that the process runs
   * @param path its path where it is known to lead to that file; else {@code null}, and no package
   *     is looked for
   */
  Facts of(ProcessFolder process, @Nullable Long uid, FileId file, byte @Nullable [] path) {
    if (asked.isEmpty()) {
      return Facts.NONE;
    }
    Optional<FileDigests> found = known.get(file);
    if (found == null) {
      await(process, uid == null ? UserGroup.UNKNOWN : uid, file);
      return Facts.NONE;
    }
    FileDigests digests = found.orElse(null);
    if (digests == null) {
      return Facts.NONE;
    }
    boolean wantsPackage = asked.contains(OwnerFact.PACKAGE) && path != null;
    return new Facts(
        asked.contains(OwnerFact.SHA256) ? HostText.of(digests.sha256()) : null,
        wantsPackage
            ? packages.of(new String(path, StandardCharsets.ISO_8859_1), digests.md5())
            : null);
  }

  private void await(ProcessFolder process, long uid, FileId file) {
    Set<Integer> others = awaited.get(file);
    if (others != null) {
      others.add(process.pid());
      return;
    }
    int fd = process.open("exe");
    // It may have begun to run another file meanwhile.
    if (fd < 0 || !file.equals(proc.file(fd))) {
      proc.close(fd);
    } else if (queue.offer(uid, file, fd)) {
      awaited.put(file, new LinkedHashSet<>(Set.of(process.pid())));
    } else {
      postponed.add(process.pid());
    }
  }

  /** Waits until all digests are there, or for so long. */
  void await(long millis) throws InterruptedException {
    queue.await(Duration.ofMillis(millis));
  }

  /** Takes the digests that are there; gives the processes of which more is known now. */
  Set<Integer> settle() {
    Set<Integer> pids = new LinkedHashSet<>();
    queue
        .takeDone()
        .forEach(
            (file, digests) -> {
              remember(file, digests);
              Set<Integer> running = awaited.remove(file);
              pids.addAll(running == null ? Set.of() : running);
            });
    if (!pids.isEmpty()) {
      // There is room in the queue.
      pids.addAll(postponed);
      postponed.clear();
    }
    queue.resume();
    return pids;
  }

  private void remember(FileId file, Optional<FileDigests> digests) {
    if (known.size() >= MOST_REMEMBERED) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(file, digests);
  }

  @Override
  public void close() {
    queue.close();
  }
}
