package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a process in the moment in which its event arrives: it may end a moment later.
 * Only files of /proc are read that ask no file system.
 *
 * @param startTicks with the pid the identity of the process; {@code null} if it had ended already
 * @param uid its effective user at the event; {@code null} if unknown
 * @param realUid the user who started it, which execve(2) of a set-user-ID program keeps; {@code
 *     null} if unknown
 * @param path of its program at the event as ISO-8859-1; {@code null} if unknown
 * @param program the file of its program, if the kernel reported it
 * @param namespace the inode of its network namespace
 * @param inHostMounts true if it is in the mount namespace of the host's first process
 * @param inHostUsers true if it is in the user namespace of that process
 */
public record ProcessGlimpse(
    int pid,
    @Nullable Long startTicks,
    @Nullable HostText name,
    @Nullable Long uid,
    @Nullable Long realUid,
    @Nullable String path,
    @Nullable Program program,
    @Nullable Long namespace,
    boolean inHostMounts,
    boolean inHostUsers) {

  /** The start of a process is rounded to ticks of 10 ms, and so is the time since the boot. */
  private static final Duration ROUNDING = Duration.ofMillis(20);

  /** No process is known. */
  public static final ProcessGlimpse UNKNOWN =
      new ProcessGlimpse(0, null, null, null, null, null, null, null, false, false);

  /** A process that has ended. */
  private static ProcessGlimpse gone(
      int pid, @Nullable Long uid, ProcessFacts facts, HostMarks marks) {
    Program program = facts.program();
    return new ProcessGlimpse(
        pid,
        null,
        null,
        uid,
        null,
        program == null ? null : program.path(),
        program,
        known(facts.network()),
        marks.isOfHost(facts.mounts()),
        marks.hasUsers(facts.users()));
  }

  private static @Nullable Long known(long namespace) {
    return namespace == 0 ? null : namespace;
  }

  /** The same process in this network namespace. */
  public ProcessGlimpse in(@Nullable Long other) {
    return Objects.equals(other, namespace)
        ? this
        : new ProcessGlimpse(
            pid, startTicks, name, uid, realUid, path, program, other, inHostMounts, inHostUsers);
  }

  /** The user by whom a bound is shared out, as that of an owner; {@code null} if unknown. */
  public @Nullable Long accountable() {
    return uid == null || (realUid != null && realUid != 0) ? realUid : uid;
  }

  /**
   * Without what /proc may have shown of a later program or process.
   *
   * @param isSameUser true if its effective user is that of the event
   */
  ProcessGlimpse asOfItsEvent(boolean isSameUser) {
    return new ProcessGlimpse(
        pid,
        startTicks,
        null,
        isSameUser ? uid : null,
        realUid,
        program == null ? null : program.path(),
        program,
        namespace,
        inHostMounts,
        inHostUsers);
  }

  /**
   * Reads a process.
   *
   * @param sinceEvent the time since its event: a process that started later has reused the pid
   */
  static ProcessGlimpse of(
      ProcFs proc,
      int pid,
      @Nullable Long knownUid,
      ProcessFacts facts,
      Duration sinceEvent,
      HostMarks marks) {
    ProcessFolder folder = pid <= 0 ? null : proc.process(pid);
    if (folder == null) {
      return gone(pid, knownUid, facts, marks);
    }
    try (folder) {
      byte[] raw = folder.read("stat", 4096);
      ProcText.Stat stat = raw == null ? null : ProcText.stat(raw);
      if (stat == null || isLater(stat.startTicks(), marks.uptimeTicks(), sinceEvent)) {
        return gone(pid, knownUid, facts, marks);
      }
      // A process that ends loses its file and its namespaces first and its number last.
      Program program = facts.program();
      byte[] path = folder.link("exe");
      byte[] net = facts.network() != 0 ? null : folder.link("ns/net");
      byte[] mounts = facts.mounts() != 0 ? null : folder.link("ns/mnt");
      byte[] owners = facts.users() != 0 ? null : folder.link("ns/user");
      byte[] status = knownUid != null ? null : folder.read("status", 4096);
      ProcText.Users users = status == null ? null : ProcText.users(status);
      return new ProcessGlimpse(
          pid,
          stat.startTicks(),
          stat.name(),
          users == null ? knownUid : Long.valueOf(users.effective()),
          users == null ? null : users.real(),
          path != null ? latin(path) : program == null ? null : program.path(),
          program,
          net == null ? known(facts.network()) : ProcText.namespaceInode(net),
          marks.isOfHost(mounts == null ? facts.mounts() : inode(ProcText.namespaceInode(mounts))),
          marks.hasUsers(
              owners == null ? facts.users() : inode(ProcText.userNamespaceInode(owners))));
    }
  }

  /**
   * What all processes are compared with.
   *
   * @param uptimeTicks the time since the boot
   * @param hostMounts the inode of the mount namespace of the host's first process; 0 if unknown
   * @param hostUsers that of its user namespace; 0 if unknown
   */
  record HostMarks(long uptimeTicks, long hostMounts, long hostUsers) {

    /** No process counts as later then: about 30,000 years. */
    private static final long UNKNOWN_UPTIME = 1L << 46;

    /** True if this is the mount namespace of the host. */
    boolean isOfHost(long mounts) {
      return hostMounts != 0 && mounts == hostMounts;
    }

    /** True if this is the user namespace of the host; a kernel without them gives 0 for all. */
    boolean hasUsers(long users) {
      return users == hostUsers;
    }

    static HostMarks read(ProcFs proc) {
      byte[] uptime = proc.read("proc/uptime");
      Long ticks = uptime == null ? null : ProcText.uptimeTicks(uptime);
      return new HostMarks(
          ticks == null ? UNKNOWN_UPTIME : ticks,
          inode(ProcText.namespaceInode(ofFirst(proc, "mnt"))),
          inode(ProcText.userNamespaceInode(ofFirst(proc, "user"))));
    }

    /** The namespace of the first process, or our own where that may not be read. */
    private static byte @Nullable [] ofFirst(ProcFs proc, String kind) {
      byte[] first = proc.link("proc/1/ns/" + kind);
      return first != null ? first : proc.link("proc/self/ns/" + kind);
    }
  }

  private static long inode(@Nullable Long known) {
    return known == null ? 0 : known;
  }

  /** True if a process or thread started after an event. */
  static boolean isLater(long startTicks, long uptimeTicks, Duration sinceEvent) {
    Duration age = Duration.ofMillis(10 * (uptimeTicks - startTicks));
    return age.plus(ROUNDING).compareTo(sinceEvent) < 0;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
