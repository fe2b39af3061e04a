package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of podman and CRI-O: {@code overlay-containers/containers.json} below the root of
 * containers-storage.conf(5), and the annotations of CRI-O in the {@code config.json} of each
 * container. The labels of podman, and so the project of podman-compose, are in a database only.
 */
final class StorageFiles {

  private static final Pattern ROOT =
      Pattern.compile("(?m)^\\s*graphroot\\s*=\\s*\"(/[^\"\\n]+)\"");

  private final EngineFiles files;

  StorageFiles(EngineFiles files) {
    this.files = files;
  }

  @Nullable Container find(HostText id) {
    String moved = files.setting("/etc/containers/storage.conf", ROOT);
    String folder = (moved == null ? "/var/lib/containers/storage" : moved) + "/overlay-containers";
    JsonTree config = files.object(folder + "/" + id + "/userdata/config.json");
    Container ofPod = pod(id, EngineFiles.object(config, "annotations"));
    if (ofPod != null) {
      return ofPod;
    }
    return Stream.of("/containers.json", "/volatile-containers.json")
        .flatMap(list -> files.objects(folder + list).stream())
        .filter(entry -> id.toString().equals(EngineFiles.text(entry, "id")))
        .findFirst()
        .map(entry -> listed(id, entry))
        .orElse(null);
  }

  /** CRI-O, internal/annotations. */
  private static @Nullable Container pod(HostText id, @Nullable JsonTree annotations) {
    HostText pod = EngineFiles.name(annotations, "io.kubernetes.pod.name");
    return pod == null
        ? null
        : new Container(
            id,
            EngineFiles.name(annotations, "io.kubernetes.container.name"),
            EngineFiles.name(annotations, "io.kubernetes.cri-o.ImageName"),
            null,
            null,
            pod,
            EngineFiles.name(annotations, "io.kubernetes.pod.namespace"));
  }

  private static @Nullable Container listed(HostText id, JsonTree entry) {
    HostText name =
        names(entry).stream().findFirst().map(text -> HostText.of(text, 256)).orElse(null);
    if (name == null) {
      return null;
    }
    return new Container(id, name, image(entry), null, null, null, null);
  }

  private static List<String> names(JsonTree entry) {
    try {
      return entry.texts("names");
    } catch (IllegalArgumentException other) {
      return List.of();
    }
  }

  /** The metadata is a JSON text in a JSON text. */
  private static @Nullable HostText image(JsonTree entry) {
    String metadata = EngineFiles.text(entry, "metadata");
    try {
      return metadata == null ? null : EngineFiles.name(JsonTree.of(metadata), "image-name");
    } catch (IllegalArgumentException other) {
      return null;
    }
  }
}
