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
 * Finds the expensive facts about running files, which are their SHA-256 digest and their package.
 * Each file is read once, however many processes run it. A {@linkplain DigestQueue queue} reads it
 * outside the looks, so a fact may be absent at first.
 */
final class Executables implements AutoCloseable {

  /** The known facts. A fact is {@code null} if nobody asked for it or if it is not known. */
  record Facts(@Nullable HostText sha256, @Nullable HostText packageName) {
    static final Facts NONE = new Facts(null, null);
  }

  private static final int MOST_REMEMBERED = 1024;

  private final ProcFs proc;
  private final DpkgPackages packages;
  private final DigestQueue queue;
  private final Map<FileId, Optional<FileDigests>> known = new LinkedHashMap<>();

  /** The processes that run a file whose digests are being computed. */
  private final Map<FileId, Set<Integer>> awaited = new HashMap<>();

  /** The processes whose files did not fit into the queue. */
  private final Set<Integer> postponed = new LinkedHashSet<>();

  private Set<OwnerFact> asked = Set.of();

  Executables(Path root, ProcFs proc) {
    this.proc = proc;
    packages = new DpkgPackages(root);
    queue = new DigestQueue(root);
  }

  /** Sets the facts to find. Returns true if the set differs from the one before. */
  boolean ask(Set<OwnerFact> facts) {
    boolean differs = !asked.equals(facts);
    asked = Set.copyOf(facts);
    return differs;
  }

  /**
   * Returns the requested facts that are known, and starts to find the others.
   *
   * @param uid the user of the process, or {@code null} if the user is not known
   * @param file the file that the process runs
   * @param path the path if it leads to that file, otherwise {@code null}; without a path the
   *     result has no package
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
    // The process may run another file by now.
    if (fd < 0 || !file.equals(proc.file(fd))) {
      proc.close(fd);
    } else if (queue.offer(uid, file, fd)) {
      awaited.put(file, new LinkedHashSet<>(Set.of(process.pid())));
    } else {
      postponed.add(process.pid());
    }
  }

  /** Waits until all digests are ready, but no longer than the given time. */
  void await(long millis) throws InterruptedException {
    queue.await(Duration.ofMillis(millis));
  }

  /** Stores the computed digests and returns the processes that have new facts. */
  Set<Integer> settle() {
    Set<Integer> pids = new LinkedHashSet<>();
    for (Map.Entry<FileId, Optional<FileDigests>> done : queue.takeDone().entrySet()) {
      remember(done.getKey(), done.getValue());
      Set<Integer> running = awaited.remove(done.getKey());
      pids.addAll(running == null ? Set.of() : running);
    }
    if (!pids.isEmpty()) {
      // The queue has room again.
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
