package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.file.HostFile;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ports that container engines publish, in the files of the engines. A file is read again
 * when it has changed. The files are looked at when a namespace has come or gone, in the looks
 * after that, and else now and then. Not for two threads at once.
 */
public final class PublishedPortFinder {

  /** An engine writes the ports only after it has made the namespace. */
  private static final int LOOKS_AFTER_CHANGE = 3;

  private static final int LOOKS_BETWEEN = 12;
  private static final int MOST_PORTS = NetworkFiles.MOST_PORTS;

  private final String source;
  private final ProcFs proc;
  private final HostTree tree;
  private final EngineFiles files;
  private final DockerFiles docker;
  private final NetworkFiles networks;
  private Map<String, Known> known = new HashMap<>();
  private List<Listener> ports = List.of();
  private List<Gap> gaps = List.of();
  private int untilNext;
  private int afterChange = LOOKS_AFTER_CHANGE;

  /** The ports of a file, which hold while the file is the same and its process runs. */
  private record Known(FileId file, List<Listener> ports, @Nullable Integer pid, String id) {}

  /**
   * Creates an empty memory.
   *
   * @param source the name of the source in gaps
   */
  public PublishedPortFinder(String source, ProcFs proc) {
    this.source = source;
    this.proc = proc;
    this.tree = new HostTree(proc);
    this.files = new EngineFiles(tree);
    this.docker = new DockerFiles(files);
    this.networks = new NetworkFiles(files, new ContainerFinder(proc));
  }

  /**
   * The published ports; the same list again while nothing changes.
   *
   * @param changed true if a namespace has come or gone
   */
  public List<Listener> look(boolean changed) {
    afterChange = changed ? LOOKS_AFTER_CHANGE : Math.max(0, afterChange - 1);
    if (afterChange > 0 || untilNext-- <= 0) {
      untilNext = LOOKS_BETWEEN;
      read();
    }
    return ports;
  }

  /** The gaps of the last look. */
  public List<Gap> gaps() {
    return gaps;
  }

  private void read() {
    tree.beginLook();
    Map<String, Known> before = known;
    Pass pass = new Pass(before);
    docker.folders().forEach(pass::docker);
    pass.all(NetworkFiles.NETAVARK, networks::netavark);
    pass.all(NetworkFiles.CNI, networks::cni);
    known = pass.found;
    gaps = pass.gaps();
    List<Listener> all =
        known.values().stream()
            .flatMap(one -> one.ports().stream())
            .sorted()
            .limit(MOST_PORTS)
            .toList();
    ports = all.equals(ports) ? ports : all;
  }

  /** True if a process is in this container, as its control group says. */
  private boolean runs(int pid, String id) {
    ProcessFolder process = proc.process(pid);
    if (process == null) {
      return false;
    }
    try (process) {
      HostText container = new CgroupReader(proc).of(CgroupReader.read(process)).container();
      return container == null || container.toString().equals(id);
    }
  }

  /** One look at all files. */
  private final class Pass {
    private final Map<String, Known> before;
    private final Map<String, Known> found = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();

    Pass(Map<String, Known> before) {
      this.before = before;
    }

    void docker(String folder) {
      for (String id : names(folder)) {
        if (ContainerFinder.isEngineId(id)) {
          dockerContainer(DockerFiles.file(folder, id), id);
        }
      }
    }

    private void dockerContainer(String path, String id) {
      Known one = same(path);
      if (one == null) {
        one = readDocker(path, id);
      }
      if (one != null) {
        Integer pid = one.pid();
        boolean gone = pid != null && !one.ports().isEmpty() && !runs(pid, id);
        found.put(path, gone ? new Known(one.file(), List.of(), null, id) : one);
      }
    }

    private @Nullable Known readDocker(String path, String id) {
      FileId file = files.find(path).file();
      JsonTree config = file == null ? null : files.object(path);
      if (file == null || config == null) {
        unreadable.add(path);
        return null;
      }
      Integer pid = DockerFiles.process(config);
      HostText text = HostText.of(id);
      Container container =
          Objects.requireNonNullElse(DockerFiles.container(text, config), Container.of(text));
      List<Listener> published = pid == null ? List.of() : DockerFiles.ports(container, config);
      return new Known(file, published, pid, id);
    }

    /** Every file of a folder, each with the ports of one container. */
    void all(String folder, Function<JsonTree, List<Listener>> ports) {
      for (String name : names(folder)) {
        String path = folder + "/" + name;
        FileId file = files.find(path).file();
        JsonTree content = file == null ? null : files.object(path);
        if (file == null || content == null) {
          unreadable.add(path);
        } else {
          found.put(path, new Known(file, ports.apply(content), null, name));
        }
      }
    }

    private @Nullable Known same(String path) {
      Known one = before.get(path);
      return one != null && one.file().equals(files.find(path).file()) ? one : null;
    }

    private List<String> names(String folder) {
      HostTree.Names names = files.names(folder);
      if (names.folder().state() == HostFile.State.CANNOT_TELL) {
        unreadable.add(folder + ": " + names.folder().why());
      } else if (!names.all()) {
        unreadable.add(folder + ": too many");
      }
      return names.names().stream().sorted().toList();
    }

    List<Gap> gaps() {
      int ports = found.values().stream().mapToInt(one -> one.ports().size()).sum();
      List<String> reasons = new ArrayList<>(unreadable);
      if (ports > MOST_PORTS) {
        reasons.add("more than " + MOST_PORTS + " ports");
      }
      if (reasons.isEmpty()) {
        return List.of();
      }
      String why =
          "published ports of containers cannot be read: "
              + ShortList.of(reasons.stream().map(one -> HostText.of(one, 300)).toList(), 1);
      return List.of(new Gap(source, Gap.What.PROTOCOL, why));
    }
  }
}
