package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of containerd: the OCI {@code config.json} of each running task, with the annotations
 * of its CRI plugin (containerd, pkg/cri/annotations) or of nerdctl.
 */
final class ContainerdFiles {

  static final List<String> FOLDERS =
      List.of(
          "/run/containerd/io.containerd.runtime.v2.task",
          "/run/k3s/containerd/io.containerd.runtime.v2.task");

  private static final int MOST_NAMESPACES = 16;

  private static final String CRI = "io.kubernetes.cri.";

  private final EngineFiles files;

  ContainerdFiles(EngineFiles files) {
    this.files = files;
  }

  @Nullable Container find(HostText id) {
    return FOLDERS.stream()
        .flatMap(
            folder ->
                files.names(folder).names().stream()
                    .sorted(Comparator.comparing((String name) -> !name.equals("k8s.io")))
                    .limit(MOST_NAMESPACES)
                    .map(namespace -> folder + "/" + namespace + "/" + id + "/config.json"))
        .map(files::object)
        .filter(Objects::nonNull)
        .map(config -> container(id, EngineFiles.object(config, "annotations")))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Container container(HostText id, @Nullable JsonTree annotations) {
    HostText pod = EngineFiles.name(annotations, CRI + "sandbox-name");
    HostText name = EngineFiles.name(annotations, CRI + "container-name");
    name = name != null ? name : EngineFiles.name(annotations, "nerdctl/name");
    if (pod == null && name == null) {
      return null;
    }
    return new Container(
        id,
        name,
        EngineFiles.name(annotations, CRI + "image-name"),
        null,
        null,
        pod,
        EngineFiles.name(annotations, CRI + "sandbox-namespace"));
  }
}
