package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.file.HostFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the network of podman, containerd and Kubernetes: netavark's state of its firewall
 * (src/firewall/state.rs), and the results that CNI keeps of its plugins (libcni, api.go).
 */
final class NetworkFiles {

  static final String NETAVARK = "/run/containers/networks/firewall/ports";
  static final String CNI = "/var/lib/cni/results";

  /** A port of a range has an entry of its own, but not in netavark. */
  private static final int MOST_OF_RANGE = 1024;

  /** A file of a few megabytes may state a million ranges. */
  static final int MOST_PORTS = 16_384;

  private final EngineFiles files;
  private final ContainerFinder containers;

  NetworkFiles(EngineFiles files, ContainerFinder containers) {
    this.files = files;
    this.containers = containers;
  }

  /** The ports in a file of netavark, which deletes it when the container ends. */
  List<Listener> netavark(JsonTree file) {
    String id = EngineFiles.text(file, "container_id");
    Container container = id == null ? null : containers.of(HostText.of(id, 256));
    if (container == null) {
      return List.of();
    }
    String ipv4 = EngineFiles.text(file, "container_ip_v4");
    String ipv6 = EngineFiles.text(file, "container_ip_v6");
    List<Listener> ports = new ArrayList<>();
    for (JsonTree mapping : EngineFiles.objects(file, "port_mappings")) {
      long range = Objects.requireNonNullElse(EngineFiles.number(mapping, "range"), 1L);
      for (int i = 0; i < Math.min(range, MOST_OF_RANGE) && ports.size() <= MOST_PORTS; i++) {
        PublishedListener.PublishedTarget to =
            new PublishedListener.PublishedTarget(ipv4, ipv6, port(mapping, "container_port", i));
        port("podman", container, mapping, "host_ip", port(mapping, "host_port", i), to)
            .forEach(ports::add);
      }
    }
    return ports;
  }

  /** The ports in a result of CNI, which stays after a crash, so the container has to exist. */
  List<Listener> cni(JsonTree file) {
    String id = EngineFiles.text(file, "containerId");
    Container container = id == null || !exists(id) ? null : containers.of(HostText.of(id, 256));
    if (container == null) {
      return List.of();
    }
    List<String> addresses =
        EngineFiles.objects(EngineFiles.object(file, "result"), "ips").stream()
            .flatMap(ip -> Stream.ofNullable(EngineFiles.text(ip, "address")))
            .map(address -> address.split("/", 2)[0])
            .toList();
    List<Listener> ports = new ArrayList<>();
    JsonTree arguments = EngineFiles.object(file, "capabilityArgs");
    for (JsonTree mapping : EngineFiles.objects(arguments, "portMappings")) {
      PublishedListener.PublishedTarget to =
          new PublishedListener.PublishedTarget(
              first(addresses, false), first(addresses, true), port(mapping, "containerPort", 0));
      port("cni", container, mapping, "hostIP", port(mapping, "hostPort", 0), to)
          .forEach(ports::add);
    }
    return ports;
  }

  private boolean exists(String id) {
    return ContainerFinder.isEngineId(id)
        && Stream.concat(
                ContainerdFiles.FOLDERS.stream()
                    .flatMap(
                        folder ->
                            files.names(folder).names().stream()
                                .map(namespace -> folder + "/" + namespace + "/" + id)),
                Stream.of("/run/containers/storage/overlay-containers/" + id))
            .anyMatch(path -> files.find(path).state() == HostFile.State.FOUND);
  }

  /** Without an address it is published on all of both families. */
  private static List<Listener> port(
      String by,
      Container container,
      JsonTree mapping,
      String addressKey,
      String port,
      PublishedListener.PublishedTarget to) {
    String protocol = Objects.requireNonNullElse(EngineFiles.text(mapping, "protocol"), "tcp");
    String address = Objects.requireNonNullElse(EngineFiles.text(mapping, addressKey), "");
    List<String> addresses =
        !address.isEmpty()
            ? List.of(address)
            : to.ipv6() == null ? List.of("0.0.0.0") : List.of("0.0.0.0", "::");
    return addresses.stream()
        .flatMap(host -> PublishedListener.of(by, container, protocol, host, port, to).stream())
        .toList();
  }

  private static String port(JsonTree mapping, String key, int offset) {
    Long number = EngineFiles.number(mapping, key);
    return number == null ? "" : Long.toString(number + offset);
  }

  private static @Nullable String first(List<String> addresses, boolean ipv6) {
    return addresses.stream().filter(one -> one.contains(":") == ipv6).findFirst().orElse(null);
  }
}
