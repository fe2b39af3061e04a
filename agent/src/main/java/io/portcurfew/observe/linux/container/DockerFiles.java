package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of Docker: {@code containers/ID/config.v2.json} below its data root (moby,
 * container/container.go).
 */
final class DockerFiles {

  private static final String SETTINGS = "/etc/docker/daemon.json";
  private static final String PROJECT = "com.docker.compose.project";
  private static final String SERVICE = "com.docker.compose.service";

  private static final String FILE = "/config.v2.json";

  private final EngineFiles files;

  DockerFiles(EngineFiles files) {
    this.files = files;
  }

  /** Reads the facts of a container; {@code null} if Docker does not know it. */
  @Nullable JsonTree config(String id) {
    return roots()
        .flatMap(root -> Stream.ofNullable(files.object(file(folder(root), id))))
        .findFirst()
        .orElse(null);
  }

  private static String folder(String root) {
    return root + "/containers";
  }

  /** The folders that hold a folder for each container. */
  List<String> folders() {
    return roots().map(DockerFiles::folder).toList();
  }

  /** dockerd(8), {@code data-root}, which was {@code graph} before; then the root of the snap. */
  private Stream<String> roots() {
    JsonTree settings = files.object(SETTINGS);
    String moved = EngineFiles.text(settings, "data-root");
    String before = EngineFiles.text(settings, "graph");
    String root = moved != null ? moved : before != null ? before : "/var/lib/docker";
    return Stream.of(root, "/var/snap/docker/common/var-lib-docker")
        .filter(path -> path.startsWith("/"));
  }

  /** The container that a config describes; {@code null} if the config has no name. */
  static @Nullable Container container(HostText id, JsonTree config) {
    String name = EngineFiles.text(config, "Name");
    if (name == null || name.length() < 2) {
      return null;
    }
    JsonTree settings = EngineFiles.object(config, "Config");
    JsonTree labels = EngineFiles.object(settings, "Labels");
    return new Container(
        id,
        HostText.of(name.startsWith("/") ? name.substring(1) : name, 256),
        EngineFiles.name(settings, "Image"),
        EngineFiles.name(labels, PROJECT),
        EngineFiles.name(labels, SERVICE),
        EngineFiles.name(labels, "io.kubernetes.pod.name"),
        EngineFiles.name(labels, "io.kubernetes.pod.namespace"));
  }

  /** The config of a container in one of the {@link #folders}. */
  static String file(String folder, String id) {
    return folder + "/" + id + FILE;
  }

  /** The process of a running container; {@code null} if it does not run. */
  static @Nullable Integer process(JsonTree config) {
    JsonTree state = EngineFiles.object(config, "State");
    Long pid = EngineFiles.number(state, "Pid");
    boolean runs = Boolean.TRUE.equals(EngineFiles.flag(state, "Running"));
    return runs && pid != null && pid > 0 && pid <= Integer.MAX_VALUE ? pid.intValue() : null;
  }

  /** The ports that a config publishes: {@code "80/tcp": [{"HostIp": "", "HostPort": "8080"}]}. */
  static List<Listener> ports(Container container, JsonTree config) {
    JsonTree network = EngineFiles.object(config, "NetworkSettings");
    JsonTree ports = EngineFiles.object(network, "Ports");
    List<Listener> published = new ArrayList<>();
    for (String inside : ports == null ? Set.<String>of() : ports.names()) {
      String[] parts = inside.split("/", 2);
      PublishedListener.PublishedTarget target =
          target(EngineFiles.object(network, "Networks"), parts[0]);
      for (JsonTree outside : EngineFiles.objects(ports, inside)) {
        String host = Objects.requireNonNullElse(EngineFiles.text(outside, "HostIp"), "");
        String port = Objects.requireNonNullElse(EngineFiles.text(outside, "HostPort"), "");
        String protocol = parts.length == 2 ? parts[1] : "tcp";
        PublishedListener.of("docker", container, protocol, host, port, target)
            .ifPresent(published::add);
      }
    }
    return published;
  }

  private static PublishedListener.PublishedTarget target(
      @Nullable JsonTree networks, String port) {
    String ipv4 = null;
    String ipv6 = null;
    for (String name :
        networks == null ? List.<String>of() : networks.names().stream().sorted().toList()) {
      JsonTree network = EngineFiles.object(networks, name);
      HostText four = EngineFiles.name(network, "IPAddress");
      HostText six = EngineFiles.name(network, "GlobalIPv6Address");
      ipv4 = ipv4 == null && four != null ? four.toString() : ipv4;
      ipv6 = ipv6 == null && six != null ? six.toString() : ipv6;
    }
    return new PublishedListener.PublishedTarget(ipv4, ipv6, port);
  }

  @Nullable Container find(HostText id) {
    JsonTree config = config(id.toString());
    return config == null ? null : container(id, config);
  }
}
