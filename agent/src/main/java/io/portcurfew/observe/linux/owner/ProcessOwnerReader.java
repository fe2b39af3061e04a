package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import io.portcurfew.observe.OwnerDetailsBuilder;
import io.portcurfew.observe.linux.container.ContainerFinder;
import io.portcurfew.observe.linux.file.FileProof;
import io.portcurfew.observe.linux.file.ScriptProof;
import io.portcurfew.observe.linux.file.UserNames;
import io.portcurfew.observe.linux.kernel.CommandLineReader;
import io.portcurfew.observe.linux.proc.Cgroup;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.DockerProxy;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the facts of a process from /proc. */
public final class ProcessOwnerReader {

  private static final int MOST_READINGS = 3;
  private static final int MOST_ANCESTORS = 8;
  private static final int MILLIS_PER_TICK = 10;

  private final ProcFs proc;
  private final FileProof files;
  private final ScriptProof scripts;
  private final CgroupReader cgroups;
  private final ContainerFinder containers;
  private final UserNames users;
  private final Executables executables;
  private final CommandLineReader commandLines = new CommandLineReader();
  private @Nullable Long bootTime;

  ProcessOwnerReader(Path root, ProcFs proc, Executables executables) {
    this.proc = proc;
    this.files = new FileProof(proc);
    this.scripts = new ScriptProof(proc);
    this.cgroups = new CgroupReader(proc);
    this.containers = new ContainerFinder(proc);
    this.executables = executables;
    this.users = new UserNames(root);
  }

  /**
   * Reads all facts, or returns {@code null} if the process has ended, executes a program or is not
   * readable. The facts come from one moment: if the process executes another file or changes its
   * user during the reading, all facts are read again.
   */
  @Nullable OwnerReading read(ProcessFolder process) {
    files.beginReading();
    scripts.beginReading();
    if (process.isExecuting()) {
      return null;
    }
    ProcessIdentity before = ProcessIdentity.of(process);
    for (int i = 0; i < MOST_READINGS; i++) {
      OwnerReading.Membership membership = OwnerReading.Membership.of(process);
      CommandLineReader.CommandLine arguments = commandLine(process, membership.users());
      Owner owner = read(process, before, membership, arguments.text());
      ProcessIdentity after = ProcessIdentity.of(process);
      if (owner == null) {
        return null;
      }
      if (after.equals(before)) {
        return new OwnerReading(owner, before, membership.compact(), arguments.isLate());
      }
      before = after;
    }
    ProcText.Stat stat = stat(process);
    return stat == null ? null : OwnerReading.changing(withoutFile(process, stat));
  }

  private CommandLineReader.CommandLine commandLine(
      ProcessFolder process, ProcText.@Nullable Users users) {
    return commandLines.read(
        process.pid(), users == null ? null : users.effective(), process.open("cmdline"));
  }

  private @Nullable Owner read(
      ProcessFolder process,
      ProcessIdentity identity,
      OwnerReading.Membership membership,
      byte @Nullable [] cmdline) {
    ProcText.Stat stat = stat(process);
    if (stat == null) {
      return null;
    }
    FileId file = identity.executable();
    byte[] exe = process.link("exe");
    boolean deleted = file != null && (file.links() == 0 || files.isUnlinked(file, exe));
    byte[] path = (exe != null && deleted) ? FileProof.withoutDeleted(exe) : exe;
    byte[] argument = cmdline == null ? null : ProcText.firstArgument(cmdline);
    Cgroup group = cgroups.of(membership.cgroup());
    boolean replaced = file != null && deleted && files.isReplaced(process, file, path);
    Boolean elsewhere =
        replaced ? Boolean.FALSE : files.isElsewhere(process, deleted ? null : file, path);
    boolean pathMatches = Boolean.FALSE.equals(elsewhere);
    ProcText.Users ids = membership.users();
    Executables.Facts facts =
        file != null && files.isLocal(process)
            ? executables.of(
                process, ids == null ? null : ids.real(), file, pathMatches ? path : null)
            : Executables.Facts.NONE;
    OwnerDetails details =
        detailsWithoutFile(stat, group, ids)
            .firstArgument(argument == null ? null : HostText.of(argument))
            .deleted(file == null ? null : deleted)
            .elsewhere(elsewhere)
            .sha256(facts.sha256())
            .packageName(facts.packageName())
            .standsFor(DockerProxy.target(path, cmdline))
            .replaced(replaced)
            .build()
            .withScript(
                scripts.of(
                    process, path, cmdline, ids == null ? null : ids.effective(), pathMatches));
    return owner(process, stat, path, membership, details);
  }

  /**
   * Returns the owner of a process that changes during every reading, without facts about its file.
   * The kernel gives all users of a process at one moment, and so its control group.
   */
  private Owner withoutFile(ProcessFolder process, ProcText.Stat stat) {
    OwnerReading.Membership now = OwnerReading.Membership.of(process);
    ProcText.Users ids = now.users();
    OwnerDetails details = detailsWithoutFile(stat, cgroups.of(now.cgroup()), ids).build();
    return owner(process, stat, null, now, details);
  }

  private OwnerDetailsBuilder detailsWithoutFile(
      ProcText.Stat stat, Cgroup group, ProcText.@Nullable Users ids) {
    return OwnerDetails.builder()
        .startedAt(startedAt(stat))
        .unit(group.unit())
        .container(containers.of(group.container()))
        .ancestors(ancestors(stat))
        .realUid((ids == null || ids.real() == ids.effective()) ? null : ids.real());
  }

  private Owner owner(
      ProcessFolder process,
      ProcText.Stat stat,
      byte @Nullable [] path,
      OwnerReading.Membership membership,
      OwnerDetails details) {
    ProcText.Users ids = membership.users();
    Integer whole = membership.process();
    return new Owner(
        whole == null ? process.pid() : whole,
        stat.name(),
        path == null ? null : HostText.of(path),
        ids == null ? null : users.name(ids.effective()),
        ids == null ? null : ids.effective(),
        details);
  }

  private static ProcText.@Nullable Stat stat(ProcessFolder process) {
    byte[] raw = process.read("stat", 4096);
    return raw == null ? null : ProcText.stat(raw);
  }

  /**
   * Returns the start of a process in ticks after boot. The start and the process id identify the
   * process.
   */
  public static @Nullable Long startTicks(ProcessFolder process) {
    ProcText.Stat stat = stat(process);
    return stat == null ? null : stat.startTicks();
  }

  private @Nullable Instant startedAt(ProcText.Stat stat) {
    return afterBoot(stat.startTicks());
  }

  /**
   * Returns the current time on the clock of {@link OwnerDetails#startedAt}, which does not change
   * when the system time is set.
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
      // A parent that started later than its child has reused the process id of the real parent.
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
