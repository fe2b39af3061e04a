package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads all that /proc tells of one process. */
public final class ProcessOwnerReader {

  /** A long command line must not cost memory (CVE-2018-16864 is what it cost others). */
  private static final int MOST_OF_CMDLINE = 4096;

  private static final int MOST_ANCESTORS = 8;
  private static final int MILLIS_PER_TICK = 10;
  private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

  private final ProcFs proc;
  private final HostTree tree;
  private final UserNames users;
  private final Executables executables;
  private @Nullable Long bootTime;

  ProcessOwnerReader(Path root, ProcFs proc, Executables executables) {
    this.proc = proc;
    this.tree = new HostTree(proc);
    this.executables = executables;
    this.users = new UserNames(root);
  }

  /** Reads it; nothing where the process has ended or its folder tells nothing readable. */
  @Nullable Owner read(ProcessFolder process) {
    ProcText.Stat stat = stat(process);
    if (stat == null) {
      return null;
    }
    byte[] exe = process.link("exe");
    ProcFs.FileId file = exe == null ? null : process.file("exe");
    boolean deleted = file != null && file.links() == 0;
    byte[] path = (exe != null && deleted) ? withoutMark(exe) : exe;
    byte[] status = process.read("status", 4096);
    Long uid = status == null ? null : ProcText.effectiveUid(status);
    byte[] cmdline = process.read("cmdline", MOST_OF_CMDLINE);
    byte[] argument = cmdline == null ? null : ProcText.firstArgument(cmdline);
    byte[] cgroup = process.read("cgroup", 16 * 1024);
    Cgroup group = cgroup == null ? Cgroup.NONE : Cgroup.parse(cgroup);
    Boolean elsewhere =
        (file == null || path == null || deleted) ? null : isElsewhere(process, file, path);
    boolean isThere = Boolean.FALSE.equals(elsewhere);
    Executables.Facts facts =
        file == null
            ? Executables.Facts.NONE
            : executables.of(process, file, isThere ? path : null);
    OwnerDetails details =
        new OwnerDetails(
            startedAt(stat),
            argument == null ? null : HostText.of(argument),
            file == null ? null : deleted,
            elsewhere,
            group.unit(),
            group.container(),
            facts.sha256(),
            facts.packageName(),
            DockerProxy.target(path, cmdline),
            ancestors(stat));
    return new Owner(
        process.pid(),
        stat.name(),
        path == null ? null : HostText.of(path),
        uid == null ? null : users.name(uid),
        uid,
        details);
  }

  private static ProcText.@Nullable Stat stat(ProcessFolder process) {
    byte[] raw = process.read("stat", 4096);
    return raw == null ? null : ProcText.stat(raw);
  }

  /** When a process was started, in ticks after boot: with its number, its identity. */
  public static @Nullable Long startTicks(ProcessFolder process) {
    ProcText.Stat stat = stat(process);
    return stat == null ? null : stat.startTicks();
  }

  /** The kernel marks a deleted file in the text; whether it is deleted the link count has told. */
  private static byte[] withoutMark(byte[] exe) {
    int length = exe.length - DELETED.length;
    boolean marked = length > 0 && Arrays.equals(exe, length, exe.length, DELETED, 0, 10);
    return marked ? Arrays.copyOf(exe, length) : exe;
  }

  /** Whether the host has another file at that path, or none; nothing where it cannot be told. */
  private @Nullable Boolean isElsewhere(ProcessFolder process, ProcFs.FileId file, byte[] path) {
    if (path.length == 0 || path[0] != '/') {
      return null;
    }
    tree.beginLook();
    HostFile ours = tree.find(new String(path, StandardCharsets.ISO_8859_1));
    if (ours.isUnknown()) {
      return null;
    }
    ProcFs.FileId there = ours.file();
    boolean same = there != null && there.isSameAs(file);
    return (same && isInMountsOfAUser(process)) ? null : Boolean.valueOf(!same);
  }

  /**
   * Whether its mounts were made by somebody who needed a user namespace for that: then he chose
   * the libraries of the file too.
   */
  private boolean isInMountsOfAUser(ProcessFolder process) {
    byte[] mounts = process.link("ns/mnt");
    byte[] hosts = proc.link("proc/1/ns/mnt");
    if (mounts == null || hosts == null || Arrays.equals(mounts, hosts)) {
      return false;
    }
    byte[] users = process.link("ns/user");
    return users == null || !Arrays.equals(users, proc.link("proc/1/ns/user"));
  }

  private @Nullable Instant startedAt(ProcText.Stat stat) {
    return afterBoot(stat.startTicks());
  }

  /**
   * This moment, counted as {@link OwnerDetails#startedAt} is, which no clock that is set moves.
   */
  @Nullable Instant now() {
    byte[] raw = proc.read("proc/uptime");
    Long ticks = raw == null ? null : ProcText.uptimeTicks(raw);
    return ticks == null ? null : afterBoot(ticks);
  }

  private @Nullable Instant afterBoot(long ticks) {
    if (bootTime == null) {
      byte[] raw = proc.read("proc/stat");
      bootTime = raw == null ? null : ProcText.bootTime(raw);
    }
    return bootTime == null
        ? null
        : Instant.ofEpochSecond(bootTime).plusMillis(ticks * MILLIS_PER_TICK);
  }

  private List<Ancestor> ancestors(ProcText.Stat child) {
    List<Ancestor> chain = new ArrayList<>();
    ProcText.Stat stat = child;
    while (stat.parent() > 0 && chain.size() < MOST_ANCESTORS) {
      int pid = stat.parent();
      ProcText.Stat parent = statOf(pid);
      // Who was started later than its child has got the number of the true parent.
      if (parent == null || parent.startTicks() > stat.startTicks()) {
        break;
      }
      chain.add(new Ancestor(pid, parent.name()));
      stat = parent;
    }
    return chain;
  }

  private ProcText.@Nullable Stat statOf(int pid) {
    ProcessFolder process = proc.process(pid);
    if (process == null) {
      return null;
    }
    try (process) {
      return stat(process);
    }
  }
}
