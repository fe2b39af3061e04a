package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import java.util.List;
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

  private final EngineFiles files;

  DockerFiles(EngineFiles files) {
    this.files = files;
  }

  /** Reads the facts of a container; {@code null} if Docker does not know it. */
  @Nullable JsonTree config(String id) {
    return roots()
        .flatMap(root -> Stream.ofNullable(files.object(folder(root) + "/" + id + FILE)))
        .findFirst()
        .orElse(null);
  }

  private static final String FILE = "/config.v2.json";

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

  @Nullable Container find(HostText id) {
    JsonTree config = config(id.toString());
    return config == null ? null : container(id, config);
  }
}
