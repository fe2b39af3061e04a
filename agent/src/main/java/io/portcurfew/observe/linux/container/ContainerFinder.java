package io.portcurfew.observe.linux.container;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.proc.Cgroup;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names of a container by its id, which comes from the control group of a process. Only
 * files of root are read, so the engines of users without root have no names. Not for two threads
 * at once.
 */
public final class ContainerFinder {

  private static final Pattern ENGINE_ID = Pattern.compile("[0-9a-f]{64}");
  private static final int MOST_REMEMBERED = 1024;

  private final HostTree tree;
  private final DockerFiles docker;
  private final ContainerdFiles containerd;
  private final StorageFiles storage;
  private final Map<HostText, Container> known = new LinkedHashMap<>();

  /** Creates a reader for the files of the host with this /proc. */
  public ContainerFinder(ProcFs proc) {
    tree = new HostTree(proc);
    EngineFiles files = new EngineFiles(tree);
    docker = new DockerFiles(files);
    containerd = new ContainerdFiles(files);
    storage = new StorageFiles(files);
  }

  /**
   * Returns the name of the network namespace that a process is in: of its container, otherwise of
   * its unit, or an empty text if it has neither.
   */
  public static String namespaceName(ProcessFolder process) {
    Cgroup group = new CgroupReader(process.proc()).of(CgroupReader.read(process));
    Container container = new ContainerFinder(process.proc()).of(group.container());
    if (container != null) {
      return container.namespaceName();
    }
    return group.unit() == null ? "" : group.unit().toString();
  }

  /** True if this is an id of 64 digits, and so a name of a file and not a path. */
  static boolean isEngineId(String id) {
    return ENGINE_ID.matcher(id).matches();
  }

  /** Returns the container with an id; {@code null} if there is no id. */
  public @Nullable Container of(@Nullable HostText id) {
    if (id == null || !isEngineId(id.toString())) {
      // LXC and systemd-nspawn use the name as the id.
      return id == null ? null : Container.named(id);
    }
    Container found = known.get(id);
    if (found == null) {
      found = find(id);
    }
    return found == null ? Container.of(id) : found;
  }

  private @Nullable Container find(HostText id) {
    tree.beginLook();
    Container found = docker.find(id);
    found = found != null ? found : containerd.find(id);
    found = found != null ? found : storage.find(id);
    if (found != null) {
      if (known.size() >= MOST_REMEMBERED) {
        known.remove(known.keySet().iterator().next());
      }
      known.put(id, found);
    }
    return found;
  }
}
