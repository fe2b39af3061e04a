package io.portcurfew.observe.linux;

import io.portcurfew.system.BusyFolder;
import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** A control group that is delegated to user 65534, as of a unit with Delegate= and User=. */
public final class DelegatedGroup implements AutoCloseable {

  private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");
  private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/systemd");

  private final Path group;

  /** Makes the group of a unit. */
  public DelegatedGroup(String unit) throws IOException {
    Requirement.root();
    boolean unified = Files.exists(VERSION_2.resolve("cgroup.controllers"));
    Path root = unified ? VERSION_2 : VERSION_1;
    Requirement.that(Files.isWritable(root.resolve("cgroup.procs")), "control groups");
    group = root.resolve(unit);
    if (Files.exists(group)) {
      close();
    }
    Files.createDirectory(group);
    for (Path path : new Path[] {group, group.resolve("cgroup.procs")}) {
      Files.setAttribute(path, "unix:uid", 65534);
    }
  }

  /** Python code that goes into the group, becomes user 65534, and then into a group of its own. */
  public String enter(String own) {
    return """
        def join(path):
            with open(path + '/cgroup.procs', 'w') as procs: procs.write(str(os.getpid()))
        join('GROUP')
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
        os.mkdir('GROUP/OWN')
        join('GROUP/OWN')
        """
        .replace("GROUP", group.toString())
        .replace("OWN", own);
  }

  /** Removes the groups; their processes were killed, and leave them when the kernel ends them. */
  @Override
  public void close() throws IOException {
    Deque<Path> folders = new ArrayDeque<>();
    try (var all = Files.walk(group)) {
      all.filter(Files::isDirectory).forEach(folders::push);
    }
    for (Path folder : folders) {
      BusyFolder.remove(folder);
    }
  }
}
